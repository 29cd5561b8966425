import type { Partner } from "../../config/project.ts";
import type { DestinationDefinition } from "../../sdk/index.ts";

/** What says which endpoints a connector can address, and by which option it is told. */
type Addressing = Pick<DestinationDefinition, "schemes" | "options">;

/** The endpoint to use when none is named: the partner's only one that the connector can address. */
export function soleEndpoint(partner: Partner, definition: Addressing): string | undefined {
  const fitting = partner.endpoints.filter(({ url }) => definition.schemes?.includes(url.split(":", 1)[0] ?? "") ?? true);
  return fitting.length === 1 ? fitting[0]?.id : undefined;
}

/** Options with `endpoint` filled in where it may be left out. */
export function withEndpoint(
  options: Readonly<Record<string, unknown>>,
  partner: Partner,
  definition: Addressing,
): Readonly<Record<string, unknown>> {
  if (options.endpoint !== undefined || !("endpoint" in definition.options.properties)) return options;
  const endpoint = soleEndpoint(partner, definition);
  return endpoint === undefined ? options : { ...options, endpoint };
}
