/**
 * bench:codec - what the codecs do in a second, beside a peer or a limit measured in the same run.
 *
 *   npm run -s bench:codec -- [--only TEXT]
 *
 * Each file of bench/codec/ is a program of its own, so that memory and compiled code of one are nothing to another. It prints a line of JSON for
 * each bar: `{"bench":…,"ratio":…,"bar":…,"ok":…}`. Ends with 1 when a bar is missed.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values: flags } = parseArgs({ options: { only: { type: "string" }, json: { type: "boolean" } } });
const folder = join(import.meta.dirname, "codec");
let isMissed = false;
for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts") && name.includes(flags.only ?? "")).sort()) {
  const { status } = spawnSync(process.execPath, ["--expose-gc", join(folder, file)], { stdio: "inherit" });
  if (status !== 0) isMissed = true;
}
process.exitCode = isMissed ? 1 : 0;
