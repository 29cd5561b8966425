import { hasErrorIn } from "../read/soundness.ts";
import type { Channel, Project, SourceSpec } from "../project.ts";

/** Whether a source whose options are as they should be asks its partner; of others nothing is said twice. */
export function soundlyAsks(project: Project, { place, source }: Channel): boolean {
  return source.asks === true && !hasErrorIn(project, place.at("source", source.connector));
}

/** Where a source listens: its own options, or those of its hook. `path` leads there from the connector's key. */
export function listenerOf({ options }: Pick<SourceSpec, "options">): { readonly options: Readonly<Record<string, unknown>>; readonly path: readonly string[] } | undefined {
  if (options.port !== undefined) return { options, path: [] };
  const hook = options.hook;
  return typeof hook === "object" && hook !== null ? { options: hook as Readonly<Record<string, unknown>>, path: ["hook"] } : undefined;
}
