import { statSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../config/read/data-folder.ts";
import { EngineError } from "../sdk/error.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { newKey, publicKeys } from "./signing-keys.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { withRecord } from "./record-care.ts";
import { renderTable } from "./render-table.ts";
import { time } from "./time-text.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "keys",
  summary: "list the keys of the record, seal new contents under a new one, or make and show keys that we sign with",
  usage: "sluice keys list | rotate | new NAME [--algorithm ES384|RS384] | public [--project DIR] [--json]",
  examples: ["sluice keys list", "sluice keys rotate", "sluice keys new smart.pem --algorithm ES384", "sluice keys public"],
  options: { ...projectFlag, algorithm: { type: "string" } },
  positionals: { min: 1, max: 2, help: "list, rotate, public, or new and the name of the secret to write" },
  run,
};

interface KeyFile {
  readonly file: string;
  readonly since: number;
  /** New contents are sealed under it. */
  readonly current: boolean;
  /** The record knows it: something may be sealed under it. */
  readonly named: boolean;
}

async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const root = projectOf(terminal, flags);
  const [what, name] = words;
  if (what === "new") return newKey(root, name, typeof flags.algorithm === "string" ? flags.algorithm : "ES384", terminal);
  if (name !== undefined) return wrongCall(terminal, `"keys ${what}" takes no name`, "keys");
  if (what === "public") return publicKeys(root, terminal);
  if (what !== "list" && what !== "rotate") return wrongCall(terminal, `no "keys ${what}"; there is list, rotate, new and public`, "keys");
  if (what === "rotate") await withRecord(root, terminal, (care) => care.rotateKey());
  const keys = await keyFiles(dataFolder(root));
  if (json) for (const key of keys) terminal.out(JSON.stringify(key));
  else {
    if (what === "rotate") terminal.out(`new contents are sealed under ${keys.find(({ current }) => current)?.file}; older keys stay until the last content under them is pruned\n`);
    terminal.out(
      renderTable(
        [
          { title: "KEY", cell: (key) => key.file },
          { title: "SINCE", cell: (key) => time(key.since) },
          { title: "USE", cell: (key) => (key.current ? "seals new contents" : key.named ? "opens older contents" : "none: the record does not name it") },
        ],
        keys,
      ),
    );
  }
  return 0;
}

/** By name and age; the keys themselves are not read. */
async function keyFiles(data: string): Promise<readonly KeyFile[]> {
  const { masterIds, masterName } = await import("../store/master-key.ts");
  const { mastersOf } = await import("../store/record.ts");
  let ids: readonly number[];
  try {
    ids = [...masterIds(data)].sort((a, b) => b - a);
  } catch {
    throw new EngineError("STO-106", { file: masterName(1) });
  }
  if (ids.length === 0) throw new EngineError("STO-106", { file: masterName(1) });
  const { current, named } = mastersOf(data);
  return ids.map((id) => ({ file: masterName(id), since: Math.round(statSync(join(data, masterName(id))).mtimeMs), current: id === current, named: named.has(id) }));
}
