import { port, serverTls, Type } from "../../sdk/index.ts";

/** `identity` of `sluice.yaml`. */
export function identity() {
  return Type.Object(
    {
      keySet: Type.Optional(
        Type.Object(
          {
            port: { ...port("TCP port, which channels may share"), examples: [8046] },
            host: Type.Optional(Type.String({ description: "Address to listen on", default: "127.0.0.1", examples: ["0.0.0.0"] })),
            path: Type.Optional(Type.String({ description: "Path of the key set", default: "/.well-known/jwks.json", pattern: "^/[A-Za-z0-9._~/-]*$", examples: ["/.well-known/jwks.json"] })),
            tls: Type.Optional(serverTls()),
          },
          { additionalProperties: false, description: "Where partners fetch the public parts of the keys that our credentials sign with (jwks_uri)", examples: [{ port: 8046 }] },
        ),
      ),
    },
    { additionalProperties: false, description: "Who the engine is to others, and whom it believes", default: {}, examples: [{ keySet: { port: 8046 } }] },
  );
}
