import type { KeyObject } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { dataFolder } from "../config/read/data-folder.ts";
import { systemClock } from "../runtime/clock.ts";
import { EngineError } from "../sdk/error.ts";
import { type Checkpoint, checkpointIn } from "../store/ledger/checkpoint.ts";
import { ledgerFiles, ledgerFolderName } from "../store/ledger/files.ts";
import { publicKeyOf } from "../store/ledger/key.ts";
import { type LedgerVerification, verifyLedger } from "../store/ledger/verify.ts";
import { verifyEach } from "../store/ledger/verify-threads.ts";
import { titleOf } from "./catalogues.ts";
import type { Call, ExitCode } from "./command.ts";
import { projectOf } from "./project-folder.ts";
import { wrongCall } from "./wrong-call.ts";

/** Checks a ledger by its files and the public key alone: no database, no engine, and any copy will do. */
export async function verify({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const given = listOf(flags["key"]);
  if (given.length === 0) return wrongCall(terminal, "verify needs the public key that was handed out: --key FILE, or the text that begins with ed25519:", "disclosures");
  const at = (path: string) => resolve(terminal.cwd, path);
  const keys = given.map((key) => publicKey(key, at(key)));
  const anchors = listOf(flags["anchor"]).flatMap((path) => checkpointsIn(at(path)));
  const dir = flags["dir"] === undefined ? join(dataFolder(projectOf(terminal, flags)), ledgerFolderName) : at(String(flags["dir"]));
  const paths = words.length > 0 ? words.map(at) : ledgerFiles(dir);
  if (paths.length === 0 && anchors.length === 0) throw new EngineError("DIS-101");
  const found = await verifyLedger(paths, { keys, anchors, now: systemClock.now(), part: flags["part"] === true, each: verifyEach });
  if (json) terminal.out(JSON.stringify({ ok: found.problems.length === 0, ...found, problems: found.problems.map((each) => ({ ...each, file: basename(each.file) })) }));
  else await tell(found, (text) => terminal.out(text));
  return found.problems.length === 0 ? 0 : 1;
}

async function tell(found: LedgerVerification, out: (text: string) => void): Promise<void> {
  for (const { code, file, line, n } of found.problems) out(`${basename(file)}:${line} ${code} ${await titleOf(code)}${n === undefined ? "" : ` (number ${n})`}`);
  const { lines, files, checkpoints, signedTo, signedAt, unsigned, last, anchorsOutside } = found;
  out(`${lines} lines in ${files} files${last ? `, to number ${last.n}` : ""}; ${checkpoints} checkpoints${signedTo === undefined ? "" : `, the last at ${signedAt} over number ${signedTo - 1}`}`);
  if (unsigned > 0) out(`${unsigned} lines behind the last checkpoint are chained and not signed yet`);
  if (anchorsOutside > 0) out(`${anchorsOutside} checkpoints from elsewhere lie outside of these files`);
  out(found.problems.length === 0 ? "whole: nothing was changed, removed, put in or moved" : `not whole: ${found.problems.length} problems`);
}

function publicKey(text: string, path: string): KeyObject {
  const key = publicKeyOf(text) ?? (existsSync(path) ? publicKeyOf(readFileSync(path, "utf8")) : undefined);
  if (!key) throw new EngineError("DIS-102");
  return key;
}

/** Lines of a ledger, or checkpoints as `disclosures anchor` prints them. */
function checkpointsIn(path: string): readonly Checkpoint[] {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter((line) => line.trim() !== "") : [];
  const found = lines.map((line) => {
    let value: { readonly record?: unknown };
    try {
      value = JSON.parse(line);
    } catch {
      throw new EngineError("DIS-103", { file: basename(path) });
    }
    const checkpoint = checkpointIn(value?.record ?? { checkpoint: value });
    if (!checkpoint) throw new EngineError("DIS-103", { file: basename(path) });
    return checkpoint;
  });
  if (found.length === 0) throw new EngineError("DIS-103", { file: basename(path) });
  return found;
}

export function listOf(flag: unknown): readonly string[] {
  return flag === undefined ? [] : Array.isArray(flag) ? flag.map(String) : [String(flag)];
}
