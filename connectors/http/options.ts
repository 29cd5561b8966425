import { duration, inboundAuth, object, outboundAuth, serverTls, size, Type, type Static } from "../../engine/sdk/index.ts";

/** A constant path: visible characters, no query, nothing that climbs. */
const path = (description: string) =>
  Type.String({ description, pattern: "^/(?!/)(?!.*(?:\\.\\.|//))[A-Za-z0-9._~!$&'()*+,;=:@/-]*$", examples: ["/appointments"] });

export const sourceOptions = object({
  method: Type.Union([Type.Literal("POST"), Type.Literal("PUT"), Type.Literal("PATCH")], {
    description: "Method of the requests",
    default: "POST",
  }),
  path: path("Path of the requests; channels on the same port differ by it"),
  port: Type.Integer({ description: "TCP port to listen on, which channels may share", minimum: 1, maximum: 65535, default: 8041 }),
  host: Type.String({ description: "Address to listen on", default: "127.0.0.1", examples: ["0.0.0.0"] }),
  tls: Type.Optional(serverTls()),
  auth: Type.Optional(inboundAuth()),
  id: Type.Optional(
    Type.Object(
      { header: Type.String({ description: "Header whose value is the sender's id of the message", pattern: "^[A-Za-z0-9-]+$", examples: ["Idempotency-Key"] }) },
      { additionalProperties: false, description: "How a resend is recognised: the same id with the same body is answered again and not taken twice" },
    ),
  ),
  evidence: Type.Optional(
    Type.Object(
      { header: Type.String({ description: "Header with the signing application's statement, a compact JWS over the body", pattern: "^[A-Za-z0-9-]+$", examples: ["Signing-Evidence"] }) },
      { additionalProperties: false, description: "How a prescription of a controlled substance is shown to be signed (21 CFR 1311)" },
    ),
  ),
  maxBody: size("Largest body; a larger one is answered with 413", "10mb"),
  contentTypes: Type.Array(Type.String({ description: "Media type", pattern: "^[a-z0-9.+-]+/[a-z0-9.+*-]+$" }), {
    description: "Media types that are taken; empty: any",
    default: [],
    examples: [["application/fhir+json"]],
  }),
});
export type SourceOptions = Static<typeof sourceOptions>;

export const destinationOptions = object({
  endpoint: Type.Optional(
    Type.String({ description: "Endpoint of the partner; not needed when it has only one for HTTP", examples: ["fhir"] }),
  ),
  method: Type.Union([Type.Literal("POST"), Type.Literal("PUT"), Type.Literal("PATCH")], {
    description: "Method of the request",
    default: "POST",
  }),
  path: Type.Optional(path("Path below the endpoint's own; a constant, since addresses carry no patient data")),
  contentType: Type.Optional(
    Type.String({ description: "Media type of the body; default: that of the content's format", examples: ["application/fhir+json"] }),
  ),
  headers: Type.Record(Type.String({ pattern: "^[A-Za-z0-9-]+$" }), Type.String(), {
    description: "Constant headers",
    default: {},
    examples: [{ prefer: "return=minimal" }],
  }),
  auth: Type.Optional(outboundAuth()),
  idempotency: Type.String({
    description: "Header that carries the message id, so that the partner recognises a repeat",
    default: "Idempotency-Key",
    pattern: "^[A-Za-z0-9-]+$",
  }),
  timeout: duration("Time for the whole exchange", "30s"),
});
export type DestinationOptions = Static<typeof destinationOptions>;
