import type { SourceOptions } from "./options.ts";
import { searchParameters } from "./search-parameters.ts";

/** What the channel takes, as a server says it (R4 CapabilityStatement, kind `instance`). `at`: ms since epoch. */
export function capabilityStatement({ create, update, read, search, bundles, auth }: SourceOptions, at: number): object {
  const types = [...new Set([...create, ...update, ...read, ...search])].sort();
  return {
    resourceType: "CapabilityStatement",
    status: "active",
    date: new Date(at).toISOString(),
    kind: "instance",
    software: { name: "Sluice" },
    implementation: { description: "What one channel of an integration engine takes and answers; it holds nothing itself. Searches go by POST to _search" },
    fhirVersion: "4.0.1",
    format: ["json"],
    rest: [
      {
        mode: "server",
        ...(auth && { security: { service: [{ text: auth.basic ? "User name and password" : auth.signature ? "Signed requests" : "Bearer token" }] } }),
        ...(types.length > 0 && {
          resource: types.map((type) => ({
            type,
            interaction: [...(create.includes(type) ? [{ code: "create" }] : []), ...(update.includes(type) ? [{ code: "update" }] : []), ...(read.includes(type) ? [{ code: "read" }] : []), ...(search.includes(type) ? [{ code: "search-type" }] : [])],
            versioning: "no-version",
            conditionalCreate: false,
            conditionalUpdate: false,
            ...(search.includes(type) && { searchParam: [...searchParameters(type)].map(([name, kind]) => ({ name, type: kind })) }),
          })),
        }),
        ...(bundles.length > 0 && { interaction: [...bundles].sort().map((code) => ({ code })) }),
      },
    ],
  };
}
