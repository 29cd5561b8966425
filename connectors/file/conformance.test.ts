import { EngineError } from "../../engine/sdk/index.ts";
import { canary, connectorConformance, type Sender } from "../../engine/sdk/testing/index.ts";
import file from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
let files = 0;

connectorConformance(file, {
  folder: new URL("./", import.meta.url),
  source: {
    options: { directory: "in", errorTo: "failed", moveTo: "taken", poll: "1s", age: "1s" },
    message: bytes,
    fetches: (host) => host.clock.advance(4_000),
    connect(host): Sender {
      const own = new Set<string>();
      const answers = () =>
        host.folder.disposed.filter(({ name }) => own.has(name)).map(({ how }) => (how === "error" ? ("negative" as const) : ("positive" as const)));
      return {
        send(message) {
          // A partner names files after patients.
          const name = `${String(++files).padStart(6, "0")}-${canary}.hl7`;
          own.add(name);
          host.folder.put(name, message);
        },
        answers,
        heard: answers,
        vanish: () => {},
      };
    },
  },
  destination: {
    options: { endpoint: "outbox", directory: "results" },
    format: "hl7v2",
    content: (id, text) => bytes(`MSH|^~\\&|${id}|${text}\r`),
    isLocal: true,
    accepts: () => ({ kind: "accepted" }),
    rejects: () => new EngineError("DIR-203", { sent: false }),
    busy: () => new EngineError("DIR-204", { sent: false }),
  },
});
