import type { SourceOptions } from "./options.ts";

/** What the channel takes, as a server says it (R4 CapabilityStatement, kind `instance`). `at`: ms since epoch. */
export function capabilityStatement({ create, update, bundles, auth }: SourceOptions, at: number): object {
  const types = [...new Set([...create, ...update])].sort();
  return {
    resourceType: "CapabilityStatement",
    status: "active",
    date: new Date(at).toISOString(),
    kind: "instance",
    software: { name: "Sluice" },
    implementation: { description: "Takes what one channel of an integration engine takes; nothing is read from here" },
    fhirVersion: "4.0.1",
    format: ["json"],
    rest: [
      {
        mode: "server",
        ...(auth && { security: { service: [{ text: auth.basic ? "User name and password" : auth.signature ? "Signed requests" : "Bearer token" }] } }),
        ...(types.length > 0 && {
          resource: types.map((type) => ({
            type,
            interaction: [...(create.includes(type) ? [{ code: "create" }] : []), ...(update.includes(type) ? [{ code: "update" }] : [])],
            versioning: "no-version",
            conditionalCreate: false,
            conditionalUpdate: false,
          })),
        }),
        ...(bundles.length > 0 && { interaction: [...bundles].sort().map((code) => ({ code })) }),
      },
    ],
  };
}
