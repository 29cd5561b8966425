import type { Server, Socket } from "node:net";
import { main } from "../../engine/cli/main.ts";
import { openDoors } from "../../engine/cli/doors.ts";
import { sampleTerminal } from "../../engine/cli/sample-terminal.ts";
import type { EngineOptions } from "../../engine/cli/compose.ts";
import { engineOnDisk, freePort, type OnDisk } from "../flow/engine-on-disk.ts";
import { channelYaml, partnersYaml, type SmallPorts, sluiceYaml } from "../flow/small-project.ts";
import { Arrivals } from "../simulators/arrivals.ts";
import { httpPeer } from "../simulators/http-peer.ts";
import { mllpPeer } from "../simulators/mllp-peer.ts";
import { ehrReply } from "../simulators/replies.ts";

/** What a command printed, and its exit code. */
export interface Answered {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A running engine of the small project with its doors open, and the command line in front of them. */
export interface Operated {
  readonly disk: OnDisk;
  readonly ports: SmallPorts;
  cli(...argv: string[]): Promise<Answered>;
  /** A command that runs until `signal` aborts; its lines grow in `outs`. */
  follow(signal: AbortSignal, ...argv: string[]): { readonly outs: readonly string[]; readonly errs: readonly string[]; readonly done: Promise<number> };
  /** From now on this partner answers; gives what arrives there. */
  answer(partner: "ehr" | "ward"): Promise<Arrivals>;
  silence(partner: "ehr" | "ward"): Promise<void>;
  restart(): Promise<void>;
  /** Ends the engine and its doors; the folder stays. */
  halt(): Promise<void>;
  close(): Promise<void>;
}

export async function operated(change: (yaml: string, file: string) => string = (yaml) => yaml, options: Partial<EngineOptions> = {}): Promise<Operated> {
  const ports: SmallPorts = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  const files = { "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(ports), "results.yaml": channelYaml(ports) };
  const disk = await engineOnDisk(Object.fromEntries(Object.entries(files).map(([name, yaml]) => [name, change(yaml, name)])), options);
  let doors = await openDoors(disk.engine, 0);
  const peers = new Map<string, Server>();
  const sockets = new Set<Socket>();
  const silence = async (partner: string) => {
    const peer = peers.get(partner);
    peers.delete(partner);
    if (peer === undefined) return;
    for (const socket of sockets) if (socket.localPort === ports[partner as "ward"]) socket.destroy();
    await new Promise<void>((resolve) => peer.close(() => resolve()));
  };
  return {
    disk,
    ports,
    cli: async (...argv) => {
      const terminal = sampleTerminal({ cwd: disk.root });
      const code = await main(argv, terminal);
      return { code, out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
    },
    follow: (signal, ...argv) => {
      const terminal = sampleTerminal({ cwd: disk.root, signal });
      return { outs: terminal.outs, errs: terminal.errs, done: main(argv, terminal) };
    },
    answer: async (partner) => {
      const arrivals = new Arrivals();
      const peer = (partner === "ward" ? mllpPeer(arrivals) : httpPeer(arrivals, ehrReply)) as Server;
      peer.on("connection", (socket: Socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      });
      await new Promise<void>((resolve) => peer.listen(ports[partner], "127.0.0.1", resolve));
      peers.set(partner, peer);
      return arrivals;
    },
    silence,
    restart: async () => {
      await doors.close();
      await disk.restart();
      doors = await openDoors(disk.engine, 0);
    },
    halt: async () => {
      await doors.close();
      await disk.engine.close();
    },
    close: async () => {
      await doors.close();
      for (const partner of [...peers.keys()]) await silence(partner);
      await disk.close();
    },
  };
}
