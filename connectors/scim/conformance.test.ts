import { connectorConformance, type Sender } from "../../engine/sdk/testing/index.ts";
import scim from "./index.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

connectorConformance(scim, {
  folder: new URL("./", import.meta.url),
  source: {
    options: {},
    opens: 5,
    // The message as the engine gets it; what is sent is the request that becomes it.
    message: (text) => encode({ operation: "replace", id: "u1", resource: { userName: "u1@visits.example", displayName: text } }),
    connect(host): Sender {
      if (!host.checkpoints.has("user.u1")) host.checkpoints.set("user.u1", `1 active ${host.context.opaque("scim name u1@visits.example")}`);
      const answers: ("positive" | "negative")[] = [];
      const heard: unknown[] = [];
      let gone = false;
      let last: Promise<unknown> = Promise.resolve();
      return {
        send(message) {
          const { resource } = JSON.parse(new TextDecoder().decode(message)) as { resource: object };
          last = last.then(async () => {
            const { status, headers, body } = await host.request({ method: "PUT", rest: "Users/u1", body: encode(resource), headers: { "content-type": "application/scim+json" } });
            if (gone) return;
            // A well answer gives back what the sender itself has just sent (RFC 7644 section 3.5.1).
            heard.push(status < 300 ? { status, headers } : { status, headers, body });
            answers.push(status === 200 ? "positive" : "negative");
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
