import { connectorConformance, type Sender } from "../../engine/sdk/testing/index.ts";
import http from "./index.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const answer = (status: number, headers: Record<string, string> = {}) => () => ({ status, headers, body: encode({}) });

connectorConformance(http, {
  folder: new URL("./", import.meta.url),
  source: {
    options: { path: "/appointments" },
    message: (text) => encode({ resourceType: "Appointment", description: text }),
    connect(host): Sender {
      const answers: ("positive" | "negative")[] = [];
      const heard: unknown[] = [];
      let gone = false;
      let last: Promise<unknown> = Promise.resolve();
      return {
        send(body) {
          last = last.then(async () => {
            const reply = await host.request({ body, headers: { "content-type": "application/fhir+json" } });
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
    options: { endpoint: "fhir", path: "/Bundle" },
    format: "fhir",
    content: (id, text) => encode({ resourceType: "Bundle", id, text }),
    accepts: answer(201),
    rejects: answer(422),
    busy: answer(429, { "retry-after": "7" }),
    garbage: () => new TextEncoder().encode("no HTTP"),
  },
});
