import { connectorConformance, type Sender } from "../../engine/sdk/testing/index.ts";
import fhir from "./index.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}) => () => ({ status, headers: { "content-type": "application/fhir+json", ...headers }, body: encode(body) });

connectorConformance(fhir, {
  folder: new URL("./", import.meta.url),
  source: {
    options: { path: "/fhir", create: ["Patient"] },
    opens: 4,
    message: (text) => encode({ resourceType: "Patient", name: [{ text }] }),
    connect(host): Sender {
      const answers: ("positive" | "negative")[] = [];
      const heard: unknown[] = [];
      let gone = false;
      let last: Promise<unknown> = Promise.resolve();
      return {
        send(body) {
          last = last.then(async () => {
            const reply = await host.request({ method: "POST", path: "/fhir/*", rest: "Patient", body, headers: { "content-type": "application/fhir+json" } });
            if (gone) return;
            heard.push(reply);
            answers.push(reply.status === 202 ? "positive" : "negative");
          });
        },
        answers: () => answers,
        heard: () => heard,
        vanish: () => {
          gone = true;
        },
      };
    },
  },
  destination: {
    options: { endpoint: "fhir", interaction: "transaction" },
    format: "fhir",
    content: (id, text) => encode({ resourceType: "Bundle", type: "transaction", id, entry: [{ resource: { resourceType: "Patient", name: [{ text }] }, request: { method: "POST", url: "Patient" } }] }),
    accepts: answer(200, { resourceType: "Bundle", type: "transaction-response" }),
    rejects: answer(422, { resourceType: "OperationOutcome" }),
    busy: answer(429, {}, { "retry-after": "7" }),
    garbage: () => new TextEncoder().encode("no HTTP"),
  },
});
