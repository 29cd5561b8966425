import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Shown } from "../console/contents.ts";
import type { Purpose } from "../console/purposes.ts";
import { systemClock } from "../runtime/clock.ts";
import { fileExtensions, type Format } from "../sdk/content.ts";
import { EngineError } from "../sdk/error.ts";
import type { Call, ExitCode } from "./command.ts";
import { openDoor, type Door } from "./door.ts";
import { pageOf } from "./page-flags.ts";
import { projectOf } from "./project-folder.ts";
import { messageNumber, selectionOf } from "./selection-flags.ts";
import { wantedPurpose } from "./unmask.ts";
import { wrongCall } from "./wrong-call.ts";

/** How often progress is told, in messages. */
const tellEvery = 200;

/** Contents into files that only their owner can read: masked, or for a purpose in the clear, byte for byte; each access is recorded first. */
export async function exportMessages(call: Call, words: readonly string[]): Promise<ExitCode> {
  const { terminal, flags, json } = call;
  const selection = selectionOf(flags, systemClock.now());
  if (typeof selection === "string") return wrongCall(terminal, selection, "message");
  const page = pageOf(flags, 1000);
  if (typeof page === "string") return wrongCall(terminal, page, "message");
  const named = words.map(messageNumber);
  if (named.some((id) => id === undefined)) return wrongCall(terminal, "message export takes IDs of messages, or a query", "message");
  if (named.length === 0 && Object.keys(selection).length === 0) return wrongCall(terminal, "message export needs IDs or a query: it does not take everything unasked", "message");
  const out = flags["out"];
  if (typeof out !== "string" || out === "") return wrongCall(terminal, "message export needs a folder: --out DIR", "message");
  const wanted = await wantedPurpose(call);
  if (typeof wanted === "string") return wrongCall(terminal, wanted, "message");
  const door = await openDoor(projectOf(terminal, flags));
  try {
    const found = named.length > 0 ? undefined : await door.messages({ selection, ...page });
    const ids = found?.map(({ id }) => id) ?? (named as number[]);
    if (ids.length === 0) {
      terminal.err("no message matches");
      return 1;
    }
    const folder = resolve(terminal.cwd, out);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    let files = 0;
    for (const [at, id] of ids.entries()) {
      if (terminal.signal.aborted) break;
      for (const path of await exportOne(door, id, folder, wanted.purpose)) {
        files++;
        if (json) terminal.out(JSON.stringify({ message: id, file: path, masked: wanted.purpose === undefined }));
      }
      if ((at + 1) % tellEvery === 0) terminal.err(`${at + 1} of ${ids.length} messages`);
    }
    const how = wanted.purpose === undefined ? "masked" : `in the clear for ${wanted.purpose}, on record`;
    if (!json) terminal.out(`${files} files of ${ids.length} messages in ${out}, ${how}`);
    if (found?.more !== undefined) terminal.err(`more: --before m${found.more}`);
    return terminal.signal.aborted ? 1 : 0;
  } finally {
    await door.close();
  }
}

async function exportOne(door: Door, id: number, folder: string, purpose: Purpose | undefined): Promise<readonly string[]> {
  const shown = await door.contents(id, purpose && { purpose, as: "export" });
  return partsOf(shown).map(([part, bytes, format]) => {
    const path = join(folder, `m${id}.${part.replace(/[^A-Za-z0-9-]+/g, "-")}.${fileExtensions[format] ?? "txt"}`);
    write(path, bytes);
    return path;
  });
}

function partsOf({ raw, sent, responses, formats, exact }: Shown): readonly (readonly [string, Uint8Array, Format])[] {
  const texts: readonly (readonly [string, string | undefined])[] = [
    ["raw", raw],
    ...Object.entries(sent).map(([lane, text]) => [`sent ${lane}`, text] as const),
    ...Object.entries(responses).map(([lane, text]) => [`response ${lane}`, text] as const),
  ];
  return texts.flatMap(([part, text]) => {
    if (text === undefined) return [];
    const bytes = exact?.[part] === undefined ? Buffer.from(text, "utf8") : Buffer.from(exact[part], "base64");
    return [[part, bytes, formats?.[part] ?? "text"] as const];
  });
}

/** Never over what stands there: an export that overwrites could be aimed at something. */
function write(path: string, bytes: Uint8Array): void {
  if (existsSync(path)) throw new EngineError("CLI-131", { file: path });
  const file = openSync(path, "wx", 0o600);
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
