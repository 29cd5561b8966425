import { duration, inboundAuth, object, outboundAuth, serverTls, size, Type, type Static } from "../../engine/sdk/index.ts";

const resourceType = Type.String({ description: "Resource type", pattern: "^[A-Z][A-Za-z]{1,40}$", examples: ["Patient"] });

/** What the destination does with a resource. */
export const interactions = ["create", "update", "delete", "read", "search", "conditional-create", "conditional-update", "transaction", "batch"] as const;
export type Interaction = (typeof interactions)[number];

export const destinationOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner; not needed when it has only one for HTTP", examples: ["fhir"] })),
  interaction: Type.Enum([...interactions], {
    description: "What is asked of the server. Conditional ones go as a transaction of one entry, so that no address carries what they look for; update, delete and read put an id into the address and need urlIds: acknowledged",
    examples: ["transaction"],
  }),
  type: Type.Optional(Type.String({ description: "Resource type that is searched; default: the one that the Parameters name as _type. With interaction: search alone", pattern: "^[A-Z][A-Za-z]{1,40}$", examples: ["Patient"] })),
  match: Type.Optional(
    Type.String({
      description: "System of the identifier by which a conditional interaction looks for the resource; default: the first identifier with a system and a value",
      examples: ["urn:oid:2.16.840.1.113883.19.5"],
      minLength: 1,
    }),
  ),
  prefer: Type.Enum(["return=minimal", "return=representation", "return=OperationOutcome"], { description: "What the server is asked to answer with", default: "return=minimal" }),
  conflicts: Type.Integer({ description: "Attempts that may end in 409 (somebody else is changing the resource) before the message is rejected", default: 3, minimum: 1, maximum: 20 }),
  auth: Type.Optional(outboundAuth()),
  timeout: duration("Time for the whole exchange", "30s"),
});
export type DestinationOptions = Static<typeof destinationOptions>;

export const sourceOptions = object({
  path: Type.String({ description: "Base path of the server; channels on the same port differ by it", pattern: "^/(?!/)(?!.*(?:\\.\\.|//))[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]$", examples: ["/fhir"] }),
  port: Type.Integer({ description: "TCP port to listen on, which channels may share", minimum: 1, maximum: 65535, default: 8041 }),
  host: Type.String({ description: "Address to listen on", default: "127.0.0.1", examples: ["0.0.0.0"] }),
  tls: Type.Optional(serverTls()),
  auth: Type.Optional(inboundAuth()),
  create: Type.Array(resourceType, { description: "Resource types that may be created: POST [base]/Type", default: [], examples: [["Patient"]] }),
  update: Type.Array(resourceType, { description: "Resource types that may be updated: PUT [base]/Type/id", default: [], examples: [["Appointment"]] }),
  bundles: Type.Array(Type.Enum(["transaction", "batch"]), { description: "Bundles that are taken at the base, each as one message", default: [], examples: [["transaction"]] }),
  read: Type.Array(resourceType, { description: "Resource types that may be read: GET [base]/Type/id; the channel says respond", default: [], examples: [["Patient"]] }),
  search: Type.Array(resourceType, { description: "Resource types that may be searched by the parameters of US Core 6.1.0: POST [base]/Type/_search; the channel says respond", default: [], examples: [["Patient"]] }),
  page: Type.Integer({ description: "Resources of one page of a search", minimum: 1, maximum: 1000, default: 50 }),
  pagesFor: duration("How long the next page of a search can be asked for", "10m"),
  id: Type.Optional(
    Type.Object(
      { header: Type.String({ description: "Header whose value is the client's id of the message", pattern: "^[A-Za-z0-9-]+$", examples: ["X-Request-Id"] }) },
      { additionalProperties: false, description: "How a resend is recognised: the same id with the same body is answered again and not taken twice" },
    ),
  ),
  maxBody: size("Largest body; a larger one is answered with 413", "10mb"),
});
export type SourceOptions = Static<typeof sourceOptions>;
