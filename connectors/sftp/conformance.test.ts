import { EngineError, type OpenedStream } from "../../engine/sdk/index.ts";
import { canary, connectorConformance, type PartnerHost, type Sender, type SourceHost } from "../../engine/sdk/testing/index.ts";
import { SftpServer } from "../../test/simulators/sftp-server.ts";
import sftp from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const servers = new WeakMap<object, SftpServer>();

/** An SSH server of the ssh2 package at the other end of the host's streams. */
function prepare(host: SourceHost | PartnerHost): SftpServer {
  const server = new SftpServer({ user: "sluice", password: "pass" });
  for (const folder of ["/drop", "/drop/out", "/drop/taken", "/drop/failed"]) server.folders.add(folder);
  servers.set(host, server);
  host.serve = (stream) => server.accept(stream);
  host.login = { path: "/drop", hostKeys: [server.fingerprint.slice("SHA256:".length)], login: { user: "sluice", password: () => "pass" } } satisfies Partial<OpenedStream>;
  return server;
}

const of = (host: SourceHost): SftpServer => servers.get(host) as SftpServer;
const real = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let files = 0;

connectorConformance(sftp, {
  folder: new URL("./", import.meta.url),
  source: {
    options: { directory: "out", moveTo: "taken", errorTo: "failed", poll: "1s", age: "1s" },
    message: bytes,
    prepare,
    async fetches(host) {
      for (let i = 0; i < 4; i++) {
        const before = of(host).heardAt;
        await host.clock.advance(1_000);
        // A look begins with a question, unless a message is still being received; it is over when nothing more is asked. Counted in turns of this
        // thread, in which both sides are: a machine that gives it none says nothing of either.
        for (let turns = 0; of(host).heardAt === before && turns < 60; turns++) await real(5);
        for (let [turns, last] = [0, of(host).heardAt]; turns < 10; turns++) {
          await real(5);
          if (of(host).heardAt !== last) turns = 0;
          last = of(host).heardAt;
        }
      }
    },
    connect(host): Sender {
      const server = of(host);
      const own = new Set<string>();
      const answers = () =>
        server.renames.filter(({ from }) => own.has(from)).map(({ to }) => (to.startsWith("/drop/failed/") ? ("negative" as const) : ("positive" as const)));
      return {
        send(message) {
          // A partner names files after patients.
          const name = `/drop/out/${String(++files).padStart(6, "0")}-${canary}.hl7`;
          own.add(name);
          server.put(name, message);
        },
        answers,
        heard: answers,
        vanish: () => {},
      };
    },
  },
  destination: {
    options: { endpoint: "drop", directory: "out" },
    format: "hl7v2",
    content: (id, text) => bytes(`MSH|^~\\&|${id}|${text}\r`),
    prepare(host) {
      const server = prepare(host);
      server.onRead = (_, found) => void host.arrived.push(new Uint8Array(found));
      server.onRename = (_, to, found) => {
        host.arrived.push(new Uint8Array(found));
        const move = host.move(found);
        if (move === "silent" || move === "close") return move;
        if (!(move instanceof EngineError)) return "do";
        if (move.code === "SFT-201") server.put(to, "another");
        return "refuse";
      };
    },
    accepts: () => ({ kind: "accepted" }),
    rejects: () => new EngineError("SFT-201"),
    busy: () => new EngineError("SFT-107"),
  },
});
