/**
 * canary - the tests, with every temporary folder kept, and then a search of what they wrote for the people whom their fixtures name.
 *
 *   npm run -s canary -- [FILES OF VITEST…]
 *
 * A folder of its own is TMPDIR, and `keep.ts` is loaded into every Node process that inherits the environment: what is deleted below it stays
 * readable. Looked at: everything that an engine or its store wrote (records, write-ahead logs, indexes, ledgers, jobs, backups, sockets' folders).
 * Not looked at, but counted: what the tests themselves wrote there (projects, fixtures, messages to take, deliveries of partners in files). What a program writes
 * over, and a log that SQLite takes away when it closes, is not seen; `drill:canary` photographs those. Exit 1 when the tests fail or somebody is found.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { formsOf, searchBytes, searchFolder } from "./search.ts";

/** People and numbers of the suite's fixtures that no program, key or counter says by itself. */
const people = {
  exemplar: "EXEMPLAR", quartzman: "QUARTZMAN", olympiada: "OLYMPIADA", peregrinus: "PEREGRINUS", veryprivate: "VERYPRIVATE", mrn: "900177345", other: "90017734", phone: "4135550143", second: "2175550143",
  account: "ACC5520981", order: "ORD7730021", mail: "jane.rivera@mail.example",
};

/** Written by an engine: below its data folder, or of a store that a test opened by itself. Its copies of the project's own files are not messages. */
const ofEngine = (path: string) => written.test(path) && !/revisions[/_]/.test(path);
const written = /\.sluice|(?:record|index|lock)\.db|(?:access|denials)\.jsonl|disclosures|jobs_|\/jobs\/|manifest\.json|sock/;

const folder = mkdtempSync("/tmp/cs-");
const [tmp, kept] = [join(folder, "t"), join(folder, "kept")];
mkdirSync(tmp);
mkdirSync(kept);
const env = { ...process.env, TMPDIR: tmp, CANARY_WATCH: folder, CANARY_KEPT: kept };
// For what npm runs, not for npm: its own Node may be older than one that reads TypeScript.
const options = `${process.env["NODE_OPTIONS"] ?? ""} --import ${new URL("keep.ts", import.meta.url).href}`.trim();
/** Both are run, whatever the first gave: what is to be searched is all that was written. */
let code = 0;
for (const script of ["test", "test:whole"]) code = (await run(script, process.argv.slice(2))) || code;

const forms = formsOf(people);
const engine = searchFolder(folder, forms, (path) => !ofEngine(path.slice(folder.length)));
const rest = searchFolder(folder, forms, (path) => ofEngine(path.slice(folder.length)));
/** That the search finds at all: fixtures of the suite are among the rest, and a word of ours is in any bytes that hold it. */
const works = searchBytes("", Buffer.from(`x${Buffer.from("a EXEMPLAR b").toString("base64")}`), forms).length > 0;
const where = new Map<string, number>();
for (const { where: place, canary, form } of engine.hits) where.set(`${canary} (${form}) in ${place}`, 1 + (where.get(place) ?? 0));
process.stdout.write(`${JSON.stringify({ hits: engine.hits.length, files: engine.files, bytes: engine.bytes, of_tests: rest.files, of_tests_with_people: new Set(rest.hits.map((hit) => hit.where)).size, kept_of_deleted: readdirSync(kept).length, tests: code })}\n`);
for (const each of [...where.keys()].slice(0, 40)) process.stderr.write(`${each}\n`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = code === 0 && engine.hits.length === 0 && engine.files > 0 && works ? 0 : 1;

function run(script: string, files: readonly string[]): Promise<number> {
  const some = files.length > 0 ? ["--passWithNoTests", ...files] : [];
  const tests = spawn("npm", ["run", script, `--node-options=${options}`, "--", ...some], { stdio: "inherit", env, cwd: join(import.meta.dirname, "../..") });
  return new Promise((resolve) => tests.on("close", (status) => resolve(status ?? 1)));
}
