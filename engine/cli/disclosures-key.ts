import { createPublicKey } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../config/read/data-folder.ts";
import { systemClock, systemRandom } from "../runtime/clock.ts";
import { EngineError } from "../sdk/error.ts";
import { checkpointIn } from "../store/ledger/checkpoint.ts";
import { ledgerFiles, ledgerFolderName } from "../store/ledger/files.ts";
import { ledgerKeyName, publicText, signerOf } from "../store/ledger/key.ts";
import type { Call, ExitCode } from "./command.ts";
import { projectOf } from "./project-folder.ts";
import { wrongCall } from "./wrong-call.ts";

/** The public key: to be handed to those who verify, when the ledger begins. */
export async function key({ terminal, flags, json }: Call): Promise<ExitCode> {
  const { readKey } = await import("../store/master-key.ts");
  const seed = readKey(dataFolder(projectOf(terminal, flags)), ledgerKeyName);
  if (seed === undefined) throw new EngineError("STO-502", { file: ledgerKeyName });
  const text = publicText(createPublicKey(signerOf(seed).privateKey));
  terminal.out(json ? JSON.stringify({ key: text }) : text);
  return 0;
}

/** The newest checkpoint: to be kept where the engine's account cannot delete it. */
export async function anchor({ terminal, flags }: Call): Promise<ExitCode> {
  const { readFileSync } = await import("node:fs");
  for (const path of [...ledgerFiles(join(dataFolder(projectOf(terminal, flags)), ledgerFolderName))].reverse()) {
    const line = readFileSync(path, "utf8").split("\n").findLast((each) => each.includes('"record":{"checkpoint":'));
    const checkpoint = line === undefined ? undefined : checkpointIn((JSON.parse(line) as { readonly record: unknown }).record);
    if (!checkpoint) continue;
    terminal.out(JSON.stringify(checkpoint));
    return 0;
  }
  throw new EngineError("DIS-101");
}

/** The engine must not run. */
export async function renewKey({ terminal, flags, json }: Call): Promise<ExitCode> {
  const { openStore } = await import("../store/index.ts");
  const dir = dataFolder(projectOf(terminal, flags));
  if (!existsSync(join(dir, "record.db"))) throw new EngineError("DIS-101");
  const store = await openStore({ dir, clock: systemClock, random: systemRandom, createKey: false, follow: false, renewLedgerKey: true });
  await store.close();
  return key({ terminal, flags, json, words: [] });
}

/** Where lines are lost for good: the old folder is set aside, and a new ledger says in its first line where the record knows the old one to have ended. */
export async function begin({ terminal, flags, json }: Call): Promise<ExitCode> {
  if (flags["yes"] !== true) return wrongCall(terminal, "begin sets the ledger that is there aside for good: say --yes", "disclosures");
  const { openStore } = await import("../store/index.ts");
  const dir = dataFolder(projectOf(terminal, flags));
  if (!existsSync(join(dir, "record.db"))) throw new EngineError("DIS-101");
  const open = (newLedger: boolean) => openStore({ dir, clock: systemClock, random: systemRandom, createKey: false, follow: false, newLedger });
  try {
    await (await open(false)).close();
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "STO-501") throw error;
    const folder = join(dir, ledgerFolderName);
    const aside = `${ledgerFolderName}-until-${new Date(systemClock.now()).toISOString().replace(/[:.]/g, "-")}`;
    if (existsSync(folder)) renameSync(folder, join(dir, aside));
    await (await open(true)).close();
    terminal.out(json ? JSON.stringify({ aside }) : `a new ledger has begun; what is left of the old one is in ${aside}. Write down why, and tell the privacy officer`);
    return 0;
  }
  throw new EngineError("DIS-105");
}
