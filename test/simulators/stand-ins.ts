import type { AddressInfo, Server } from "node:net";
import { Arrivals, type Arrival } from "./arrivals.ts";
import { httpPeer } from "./http-peer.ts";
import { mllpPeer } from "./mllp-peer.ts";

/** An address of a partner, as `partners.yaml` pins it. */
export interface Place {
  readonly partner: string;
  readonly endpoint: string;
  readonly url: string;
}

export interface StandIn extends Place {
  readonly port: number;
  /** Oldest first. */
  received(): readonly Arrival[];
}

export interface StandIns {
  readonly open: readonly StandIn[];
  /** Addresses nobody stands in for: another machine's, or a protocol that a stand-in does not speak. */
  readonly left: readonly Place[];
  close(): Promise<void>;
}

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);
const yes = () => ({ status: 200, json: { accepted: true } });

/** Listens at every plain MLLP and HTTP address of this machine and says yes to all that comes: an author's partners. Rejects when a port is in use. */
export async function startStandIns(places: readonly Place[], told: (place: Place, bytes: number) => void): Promise<StandIns> {
  const servers: Server[] = [];
  const open: StandIn[] = [];
  const left: Place[] = [];
  const close = async () => void (await Promise.all(servers.map((server) => new Promise((done) => server.emit("stop") && server.close(done)))));
  try {
    for (const place of places) {
      const arrivals = new Telling((bytes) => told(place, bytes));
      const server = serverFor(place.url, arrivals);
      if (!server) {
        left.push(place);
        continue;
      }
      servers.push(server);
      await listen(server, new URL(place.url));
      open.push({ ...place, port: (server.address() as AddressInfo).port, received: () => arrivals.all() });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { open, left, close };
}

class Telling extends Arrivals {
  readonly #told: (bytes: number) => void;
  constructor(told: (bytes: number) => void) {
    super();
    this.#told = told;
  }
  override push(arrival: Arrival): void {
    super.push(arrival);
    this.#told(Buffer.byteLength(arrival.body));
  }
}

function serverFor(url: string, arrivals: Arrivals): Server | undefined {
  if (!URL.canParse(url) || !loopback.has(new URL(url).hostname)) return undefined;
  if (url.startsWith("mllp:")) return mllpPeer(arrivals);
  return url.startsWith("http:") ? httpPeer(arrivals, yes) : undefined;
}

function listen(server: Server, { hostname, port }: URL): Promise<void> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("stop", () => {
    for (const socket of sockets) socket.destroy();
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(port || 80), hostname.replace(/^\[|\]$/g, ""), resolve);
  });
}
