import { duration, inboundAuth, object, outboundAuth, serverTls, Type, type Static } from "../../engine/sdk/index.ts";

export const sourceOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner that is asked; not needed when it has only one for HTTP", examples: ["fhir"] })),
  types: Type.Array(Type.String({ description: "Resource type", pattern: "^[A-Z][A-Za-z]{1,40}$" }), { description: "Resource types that are fetched, one after the other", minItems: 1, examples: [["Patient", "Encounter"]] }),
  every: duration("Pause between two rounds", "1m"),
  overlap: duration("How far each search looks back behind the last one, for what the server stamped and showed later; what was taken already is not taken again", "2m"),
  page: Type.Integer({ description: "Resources a page, as the server is asked (_count)", minimum: 1, maximum: 1000, default: 100 }),
  since: Type.Optional(Type.String({ description: "Where the first round begins; default: at the moment of the first start", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$", examples: ["2026-01-01T00:00:00Z"] })),
  timeout: duration("Time for one page; a file of an export may take longer, as long as something comes", "30s"),
  auth: Type.Optional(outboundAuth()),
  hook: Type.Optional(
    Type.Object(
      {
        path: Type.String({ description: "Path of the notifications; channels on the same port differ by it", pattern: "^/(?!/)(?!.*(?:\\.\\.|//))[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]$", examples: ["/hooks/ehr"] }),
        port: Type.Integer({ description: "TCP port to listen on, which channels may share", minimum: 1, maximum: 65535, default: 8041 }),
        host: Type.String({ description: "Address to listen on", default: "127.0.0.1", examples: ["0.0.0.0"] }),
        tls: Type.Optional(serverTls()),
        auth: Type.Optional(inboundAuth()),
      },
      { additionalProperties: false, description: "Notifications of a rest-hook subscription: each begins a round at once" },
    ),
  ),
  export: Type.Optional(
    Type.Object(
      {
        path: Type.String({ description: "Operation that is started: of the system, of all patients, or of a group whose name is no patient's", pattern: "^(/Patient|/Group/[A-Za-z0-9\\-.]{1,64})?/\\$export$", examples: ["/Patient/$export"] }),
        within: Type.String({ description: "Time for the server to write its files", pattern: "^[0-9]+(ms|s|m|h|d)$", default: "6h" }),
      },
      { additionalProperties: false, description: "Rounds fetch files that the server exports (Bulk Data Access) instead of searching" },
    ),
  ),
});
export type SourceOptions = Static<typeof sourceOptions>;
