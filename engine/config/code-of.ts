import type { CodeSpec, DestinationSpec, FilterSpec } from "./project.ts";

interface Coded {
  readonly filter?: FilterSpec | undefined;
  readonly transform?: CodeSpec | undefined;
  readonly deidentify?: DestinationSpec["deidentify"];
  readonly response?: DestinationSpec["response"];
}

/** All code of a channel, in the order in which a message meets it. */
export function codeOf(channel: Coded & { readonly destinations: readonly Coded[] }): CodeSpec[] {
  return [channel, ...channel.destinations].flatMap(({ filter, transform, deidentify, response }: Coded) =>
    [filter?.kind === "code" ? filter.code : undefined, transform, deidentify?.transform, response?.transform].filter((code) => code !== undefined));
}
