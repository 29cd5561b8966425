import type { ConnectorCatalogue, ConnectorEntry } from "../../engine/config/index.ts";
import { duration, inboundAuth, object, outboundAuth, port, serverTls, type TObject, Type } from "../../engine/sdk/index.ts";

const endpoint = Type.Optional(Type.String({ description: "Endpoint of the partner" }));
const auth = Type.Optional(inboundAuth());
const host = Type.String({ description: "Address to listen on", default: "127.0.0.1" });

const schema = (options: TObject) => ({ ...options }) as Readonly<Record<string, unknown>>;

/** Connectors of our own, so that a new option of a real one changes no report. */
const entries: Readonly<Record<string, ConnectorEntry>> = {
  http: {
    name: "http",
    summary: "HTTP",
    source: {
      schema: schema(object({
        port: port("TCP port"),
        host,
        method: Type.Union([Type.Literal("POST"), Type.Literal("PUT")], { default: "POST" }),
        path: Type.String(),
        timeout: duration("Time for a request", "5s"),
        auth,
        tls: Type.Optional(serverTls()),
      })),
      formats: ["hl7v2", "json", "fhir", "text"],
    },
    destination: {
      schema: schema(object({ endpoint, path: Type.Optional(Type.String()), auth: Type.Optional(outboundAuth()), timeout: duration("Time for a request", "5s") })),
      formats: ["hl7v2", "json", "fhir", "text"],
      schemes: ["http", "https"],
      inquires: true,
    },
  },
  mllp: {
    name: "mllp",
    summary: "MLLP",
    source: { schema: schema(object({ port: port("TCP port"), host, tls: Type.Optional(serverTls()) })), formats: ["hl7v2"] },
    destination: { schema: schema(object({ endpoint, timeout: duration("Time for an ack", "30s") })), formats: ["hl7v2"], schemes: ["mllp", "mllps"] },
  },
  drop: {
    name: "drop",
    summary: "A folder",
    source: { schema: schema(object({ folder: Type.String() })), formats: ["csv", "xml", "hl7v2", "text"] },
    destination: { schema: schema(object({ endpoint })), formats: ["csv", "xml", "hl7v2", "text"], schemes: ["file"] },
  },
  inbox: {
    name: "inbox",
    summary: "A folder of any format",
    source: { schema: schema(object({ folder: Type.String() })), formats: ["csv", "json", "script", "text"] },
  },
  relay: {
    name: "relay",
    summary: "Another channel",
    source: { schema: schema(object({})), formats: ["hl7v2", "json"], fromEngine: true },
    destination: { schema: schema(object({ to: Type.String() })), formats: ["hl7v2", "json", "fhir"], reachesChannel: true },
  },
  "queue-to": {
    name: "queue-to",
    summary: "A queue",
    destination: { schema: schema(object({ topic: Type.Optional(Type.String()) })), formats: ["hl7v2", "json", "text"], schemes: ["queue"] },
  },
  poll: {
    name: "poll",
    summary: "Asks its partner",
    source: {
      schema: schema(object({ endpoint, auth, hook: Type.Optional(object({ port: port("TCP port"), host, path: Type.String() })), byId: Type.Optional(Type.Boolean()) })),
      formats: ["fhir"],
      schemes: ["http", "https"],
      asks: () => true,
      urlIds: ({ byId }) => byId === true,
    },
    destination: {
      schema: schema(object({ endpoint, byId: Type.Optional(Type.Boolean()) })),
      formats: ["fhir"],
      schemes: ["http", "https"],
      urlIds: ({ byId }) => byId === true,
    },
  },
  fhir: {
    name: "fhir",
    summary: "FHIR",
    destination: { schema: schema(object({ endpoint, interaction: Type.String() })), formats: ["fhir"], schemes: ["http", "https"] },
  },
  clock: {
    name: "clock",
    summary: "A tick",
    source: {
      schema: schema(object({ every: duration("Pause", "1m"), zone: Type.Optional(Type.String()) })),
      formats: ["json"],
      fromEngine: true,
      verify: ({ zone }) => (zone === undefined ? [] : [{ path: ["zone"], message: "an interval has no zone", help: "leave it out" }]),
    },
  },
};

export const catalogue: ConnectorCatalogue = {
  names: Object.keys(entries),
  get: (name) => (Object.hasOwn(entries, name) ? entries[name] : undefined),
};
