/**
 * drill:canary - a whole day of an engine in a minute, with a patient whose every identifier is a word that nothing else says; then every byte that
 * the process tree wrote is searched for them.
 *
 *   npm run -s drill:canary -- [--json] [--messages 60] [--sabotage log-echo|temp-file] [--keep]
 *
 * Messages over MLLP and HTTP, broken ones, partners that take, refuse, echo and are not there, code that throws and logs, a SIGKILL while messages
 * are on their way, a start after it, console pages and API, commands of the operator, a backup. Allowed and counted: what cleared partners got, an export, an unmasking.
 * Exit 1 when a canary is found anywhere else, or when nothing was found where it must be.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Day } from "./day.ts";
import { canaries } from "./canaries.ts";
import { formsOf, type Hit, searchBytes, searchFolder, searchText } from "./search.ts";

const { values: flags } = parseArgs({
  options: { json: { type: "boolean", default: false }, messages: { type: "string", default: "60" }, sabotage: { type: "string" }, keep: { type: "boolean", default: false } },
});
if (flags.sabotage !== undefined && flags.sabotage !== "log-echo" && flags.sabotage !== "temp-file") {
  process.stderr.write("--sabotage takes log-echo or temp-file\n");
  process.exit(2);
}
/** On a real disk: a store refuses to promise durability on memory. */
const parent = join(import.meta.dirname, "../../.sluice");
mkdirSync(parent, { recursive: true });
const root = mkdtempSync(join(parent, "canary-"));
const began = performance.now();
const day = new Day(root, Number(flags.messages), flags.sabotage);
try {
  const told = await day.live();
  const forms = formsOf(canaries);
  /** What we wrote ourselves, and what may hold the patient: the archive's folder, the export. */
  const may = [day.outbox, day.exported, day.given].map((folder) => `${folder}/`);
  const skip = (path: string) => may.some((folder) => `${path}/`.startsWith(folder));
  const disk = searchFolder(root, forms, skip);
  const words = told.shown.flatMap(({ where, text }) => searchText(where, text, canaries, forms));
  const hits: Hit[] = [...disk.hits, ...words];
  const allowed = {
    deliveries: told.delivered.filter((text) => searchBytes("", Buffer.from(text), forms).length > 0).length,
    archived: new Set(searchFolder(day.outbox, forms).hits.map(({ where }) => where)).size,
    exported: new Set(searchFolder(day.exported, forms).hits.map(({ where }) => where)).size,
    unmasked: told.unmasked.filter((text) => searchBytes("", Buffer.from(text), forms).length > 0).length,
  };
  const line = {
    hits: hits.length, files: disk.files, bytes: disk.bytes, texts: told.shown.length, letters: told.shown.reduce((sum, { text }) => sum + text.length, 0), kept_of_deleted: day.keptCount(), ...allowed,
    views_recorded: told.views, acked: told.acked, not_taken: told.notTaken, killed: told.killed, seconds: Math.round((performance.now() - began) / 100) / 10,
  };
  if (flags.keep) writeFileSync(join(root, "shown.json"), JSON.stringify(told.shown, null, 1));
  process.stdout.write(`${flags.json ? JSON.stringify(line) : Object.entries(line).map(([key, value]) => `${key} ${value}`).join(", ")}\n`);
  for (const { where, canary, form } of hits.slice(0, 40)) process.stderr.write(`${canary} (${form}) in ${where}\n`);
  const looked = Object.values(allowed).every((count) => count > 0) && told.views > 0 && line.files > 0 && told.acked > 0 && told.notTaken > 0;
  if (!looked) process.stderr.write("the day was not lived: one of the places that must hold the patient does not\n");
  process.exitCode = hits.length === 0 && looked ? 0 : 1;
} finally {
  await day.end();
  if (flags.keep) process.stderr.write(`kept: ${root}\n`);
  else rmSync(root, { recursive: true, force: true });
}
