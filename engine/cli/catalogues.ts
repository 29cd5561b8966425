import { readdir } from "node:fs/promises";
import { EngineError, type CatalogueEntry, type Code } from "../sdk/error.ts";

/** The catalogues of all rooms and of the engine's own connectors, read when something went wrong and never before. */
export async function catalogues(): Promise<Readonly<Record<Code, CatalogueEntry>>> {
  const all: Record<Code, CatalogueEntry> = {};
  for (const folder of [new URL("../", import.meta.url), new URL("../../connectors/", import.meta.url)]) {
    for (const file of await readdir(folder, { recursive: true })) {
      if (!/\/codes\.[jt]s$/.test(file)) continue;
      Object.assign(all, ((await import(new URL(file, folder).href)) as { codes: object }).codes);
    }
  }
  return all;
}

let all: Promise<Readonly<Record<Code, CatalogueEntry>>> | undefined;

/** What a code means, in a few words; empty for one that no room declares. */
export async function titleOf(code: Code): Promise<string> {
  all ??= catalogues();
  return (await all)[code]?.title ?? "";
}

/** An error as a person may read it: code, title, names and positions; never its text, which could be content. */
export async function describe(error: unknown): Promise<string> {
  if (!(error instanceof EngineError)) {
    const name = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : "something that is no error";
    return `unexpected fault (${name}); run again with --debug to see where`;
  }
  const title = (await catalogues())[error.code]?.title ?? "";
  const detail = Object.entries(error.safe)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${key}: ${value}`);
  return [`${error.code} ${title}`.trim(), ...detail, `  see docs/errors/${error.code}.md`].join("\n");
}
