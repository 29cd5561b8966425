import { readdir } from "node:fs/promises";
import { EngineError, type CatalogueEntry, type Code } from "../sdk/index.ts";

/** The catalogues of all rooms, read when something went wrong and never before. */
export async function catalogues(): Promise<Readonly<Record<Code, CatalogueEntry>>> {
  const engine = new URL("../", import.meta.url);
  const all: Record<Code, CatalogueEntry> = {};
  for (const room of await readdir(engine, { withFileTypes: true })) {
    if (!room.isDirectory()) continue;
    const files = await readdir(new URL(`${room.name}/`, engine));
    const name = files.find((file) => /^codes\.[jt]s$/.test(file));
    if (name) Object.assign(all, ((await import(new URL(`${room.name}/${name}`, engine).href)) as { codes: object }).codes);
  }
  return all;
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
