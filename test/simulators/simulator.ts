import type { AddressInfo, Server } from "node:net";
import type { Arrivals } from "./arrivals.ts";

/** A partner of the example project: how it listens and what it makes of what arrives. One file a partner; `simulators.ts` lists them. */
export interface Simulator<Told = unknown> {
  /** The example's name for it in tests and in what `demo` counts. */
  readonly name: string;
  /** Where the example's `partners.yaml` expects it; 0: it is no server. */
  readonly port: number;
  /** Opens it at `port` (0: a free one). What arrives is pushed to `arrivals`, as it stood on the wire. `at` gives the real port for one of the example, `root` the project's folder. */
  start(port: number, arrivals: Arrivals, at: (port: number) => number, root?: string): Promise<Running<Told>>;
}

export interface Running<Told = unknown> {
  readonly port: number;
  /** What a test may ask of it, or tell it to do (a bad day). */
  readonly told: Told;
  close(): Promise<void>;
}

/** A simulator that is no more than a server: every connection ends when it closes. */
export function simulator<Told = undefined>(name: string, port: number, serve: (arrivals: Arrivals, at: (port: number) => number) => Server | { readonly server: Server; readonly told: Told }): Simulator<Told> {
  return {
    name,
    port,
    start: async (wanted, arrivals, at) => {
      const made = serve(arrivals, at);
      const { server, told } = "server" in made ? made : { server: made, told: undefined as Told };
      const sockets = new Set<{ destroy(): void }>();
      server.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      });
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(wanted, "127.0.0.1", resolve);
      });
      return {
        port: (server.address() as AddressInfo).port,
        told,
        close: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((resolve) => server.close(() => resolve()));
        },
      };
    },
  };
}

