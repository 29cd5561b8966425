import { connectorConformance, type Sender } from "../../engine/sdk/testing/index.ts";
import channel from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
let handed = 0;

connectorConformance(channel, {
  folder: new URL("./", import.meta.url),
  source: {
    options: {},
    message: bytes,
    connect(host): Sender {
      const answers: ("positive" | "negative")[] = [];
      const heard: unknown[] = [];
      let gone = false;
      let last: Promise<unknown> = Promise.resolve();
      return {
        send(body) {
          last = last.then(async () => {
            const receipt = await host.handOver({ body, identity: `results/next#${++handed}` });
            if (gone) return;
            heard.push(receipt);
            answers.push(receipt.kind === "accepted" || receipt.kind === "duplicate" ? "positive" : "negative");
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
    options: { to: "results" },
    format: "json",
    content: (id, text) => bytes(JSON.stringify({ id, text })),
    isLocal: true,
    accepts: () => ({ kind: "accepted", id: "m1" }),
    rejects: () => ({ kind: "refused", code: "FLW-101" }),
    busy: () => ({ kind: "unavailable", code: "FLW-104" }),
  },
});
