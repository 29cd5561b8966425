import { inboundAuth, object, serverTls, size, Type, type Static } from "../../engine/sdk/index.ts";

export const sourceOptions = object({
  path: Type.String({ description: "Base path of the service; channels on the same port differ by it", pattern: "^/(?!/)(?!.*(?:\\.\\.|//))[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]$", default: "/scim/v2", examples: ["/scim/v2"] }),
  port: Type.Integer({ description: "TCP port to listen on, which channels may share", minimum: 1, maximum: 65535, default: 8041 }),
  host: Type.String({ description: "Address to listen on", default: "127.0.0.1", examples: ["0.0.0.0"] }),
  tls: Type.Optional(serverTls()),
  auth: Type.Optional(inboundAuth()),
  maxBody: size("Largest body; a larger one is answered with 413", "256kb"),
});
export type SourceOptions = Static<typeof sourceOptions>;
