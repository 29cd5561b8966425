import { connectorConformance, type Sender } from "../../engine/sdk/testing/index.ts";
import smartLaunch from "./index.ts";

const server = "https://ehr.example/fhir";
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

connectorConformance(smartLaunch, {
  folder: new URL("./", import.meta.url),
  source: {
    options: { server, authorize: "https://ehr.example/authorize", endpoint: "token", redirect: "https://sluice.example/smart/callback", client: "sluice", scope: "launch" },
    opens: 2,
    message: (text) => encode({ server, patient: text }),
    connect(host): Sender {
      const answers: ("positive" | "negative")[] = [];
      const heard: unknown[] = [];
      let gone = false;
      let last: Promise<unknown> = Promise.resolve();
      return {
        send(message) {
          const { patient } = JSON.parse(new TextDecoder().decode(message)) as { patient: string };
          last = last.then(async () => {
            const begun = await host.request({ path: "/smart/launch", query: { iss: server, launch: "h1" } });
            const state = new URL(begun.headers?.location ?? "").searchParams.get("state") ?? "";
            host.answer = () => ({ status: 200, headers: {}, body: encode({ access_token: "secret-token", token_type: "Bearer", patient }) });
            const cookie = (begun.headers?.["set-cookie"] ?? "").split(";")[0] ?? "";
            const reply = await host.request({ path: "/smart/callback", query: { state, code: "c1" }, headers: { cookie } });
            if (gone) return;
            heard.push(begun, reply);
            answers.push(reply.status === 200 ? "positive" : "negative");
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
});
