/**
 * conformance - every codec over the data of others under `../shared/corpora`.
 *
 *   npm run -s conformance -- [--json] [--only TEXT] [--verbose]
 *
 * Ends with 1 when a case crashed, or is wrong and not explained. What is wrong is told on stderr, a line each.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { codeOf } from "../../engine/sdk/error.ts";
import { type Corpus, isPresent, type Verdict } from "./corpus.ts";

const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false }, only: { type: "string" }, verbose: { type: "boolean", default: false } } });
if (!isPresent) {
  process.stderr.write("conformance needs ../shared/corpora; it is not here\n");
  process.exit(78);
}
const folder = join(import.meta.dirname, "corpora");
const corpora: Corpus[] = [];
for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts")).sort()) corpora.push(...((await import(join(folder, file))) as { corpora: readonly Corpus[] }).corpora);

let isBad = false;
for (const corpus of corpora) {
  if (flags.only !== undefined && !corpus.name.includes(flags.only)) continue;
  const line = { corpus: corpus.name, files: 0, ok: 0, wrong: 0, explained: 0, crash: 0 };
  const figures = new Map<string, number>();
  for (const name of corpus.cases()) {
    line.files++;
    let verdict: Verdict;
    try {
      verdict = await corpus.check(name);
    } catch (error) {
      line.crash++;
      process.stderr.write(`${corpus.name} ${name}: crash ${codeOf(error, "CLI-999" as never)} ${flags.verbose && error instanceof Error ? error.stack : ""}\n`);
      continue;
    }
    for (const [figure, value] of Object.entries(verdict.figures ?? {})) figures.set(figure, (figures.get(figure) ?? 0) + value);
    if (verdict.ok) line.ok++;
    else if (verdict.explained !== undefined) line.explained++;
    else line.wrong++;
    if (!verdict.ok && (verdict.explained === undefined || flags.verbose)) process.stderr.write(`${corpus.name} ${name}: ${verdict.explained === undefined ? "wrong" : `explained (${verdict.explained})`} ${verdict.differs ?? ""}\n`);
  }
  if (line.crash > 0 || line.wrong > 0) isBad = true;
  const all = { ...line, ...Object.fromEntries(figures), ...corpus.summary?.(figures) };
  process.stdout.write(flags.json ? `${JSON.stringify(all)}\n` : `${Object.entries(all).map(([key, value]) => `${key} ${value}`).join("  ")}\n`);
}
process.exitCode = isBad ? 1 : 0;
