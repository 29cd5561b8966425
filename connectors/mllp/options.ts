import { duration, object, port, serverTls, size, Type, type Static } from "../../engine/sdk/index.ts";

export const sourceOptions = object({
  port: port("TCP port to listen on"),
  host: Type.String({ description: "Address to listen on", default: "127.0.0.1", examples: ["0.0.0.0"] }),
  tls: Type.Optional(serverTls()),
  maxFrame: size("Largest message; a larger one ends its connection", "50mb"),
  headerTimeout: duration("Time a new connection has to begin its first frame", "10s"),
  frameTimeout: duration("Time a frame has to end once it has begun", "2m"),
  idleTimeout: duration("Time a connection may be silent between frames", "15m"),
  minRate: size("Bytes per second a frame must reach", "1kb"),
  grace: duration("Time from the start of a frame before minRate counts", "10s"),
  maxGarbage: size("Bytes outside frames that are skipped before the connection is closed", "64kb"),
  maxConnections: Type.Integer({ description: "Connections at a time; more are closed at once", minimum: 1, default: 1024 }),
  maxConnectionsPerPeer: Type.Integer({ description: "Connections at a time from one address", minimum: 1, default: 256 }),
});
export type SourceOptions = Static<typeof sourceOptions>;

export const destinationOptions = object({
  endpoint: Type.Optional(
    Type.String({ description: "Endpoint of the partner; not needed when it has only one for MLLP", examples: ["results"] }),
  ),
  timeout: duration("Time to wait for the acknowledgement", "30s"),
  maxAck: size("Largest acknowledgement", "1mb"),
});
export type DestinationOptions = Static<typeof destinationOptions>;
