import { constants } from "node:fs";
import { mkdir, open, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { parseCsv } from "../../codec/csv/index.ts";
import { readJson } from "../../codec/json/index.ts";
import type { Endpoint } from "../../config/project.ts";
import { limits } from "../../config/yaml/limits.ts";
import { releasedBody } from "../../phi/release.ts";
import { EngineError, type Released } from "../../sdk/index.ts";
import { spend } from "../net/outbound-wire.ts";

export interface TableFilesPorts {
  /** Absolute path of the project. */
  readonly root: string;
  readonly endpointOf: (partner: string, endpoint: string) => Endpoint | undefined;
  /** Whether the guard made this value. */
  readonly isReleased: (value: unknown) => boolean;
  /** A table is another now. */
  readonly onWritten: () => void;
}

interface Row {
  readonly key: string;
  readonly value?: string;
}

/** Lookup tables of the project that channels keep up to date: `lookups/NAME.csv`, written whole or not at all. A person may edit them meanwhile: each row goes into the table as it is then. */
export class TableFiles {
  readonly #ports: TableFilesPorts;
  /** One row after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: TableFilesPorts) {
    this.#ports = ports;
  }

  /** As `SendContext.putRow`. */
  async put(released: Released, signal: AbortSignal): Promise<void> {
    const { endpointOf, isReleased } = this.#ports;
    if (!isReleased(released)) throw new EngineError("NET-201", { sent: false });
    if (signal.aborted) throw new EngineError("NET-210", { sent: false });
    const { partner, envelope } = released;
    const [, table] = /^lookup:\/\/([a-z0-9][a-z0-9-]{0,63})$/.exec(endpointOf(partner, envelope.endpoint)?.url ?? "") ?? [];
    if (table === undefined) throw new EngineError("NET-202", { sent: false, partner });
    const row = rowIn(releasedBody(released));
    spend(released);
    const done = this.#turn.then(() => this.#write(table, row));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #write(table: string, { key, value }: Row): Promise<void> {
    const folder = join(this.#ports.root, "lookups");
    const path = join(folder, `${table}.csv`);
    try {
      await mkdir(folder, { recursive: true });
      const others = (await readdir(folder)).filter((name) => name !== `${table}.csv` && new RegExp(`^${table}\\.(ya?ml|json)$`).test(name));
      if (others.length > 0) throw new EngineError("IDN-122", { sent: false, table });
      const rows = await rowsOf(path);
      if (rows.get(key) === value) return;
      if (value === undefined) rows.delete(key);
      else rows.set(key, value);
      const text = ["key,value", ...[...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map((cells) => cells.map(quoted).join(","))].join("\n");
      const bytes = new TextEncoder().encode(`${text}\n`);
      if (bytes.length > limits.bytes) throw new EngineError("IDN-123", { sent: false, table });
      await replace(folder, path, `.${table}.csv.part`, bytes);
    } catch (error) {
      throw error instanceof EngineError ? error : new EngineError("IDN-122", { sent: false, table }, { cause: error });
    }
    this.#ports.onWritten();
  }
}

/** A row as a table can hold it: one line, and no longer than a code or a name is. Throws EngineError `IDN-121`. */
function rowIn(body: Uint8Array): Row {
  let given: unknown;
  try {
    given = readJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new EngineError("IDN-121", { sent: false }, { cause });
  }
  const { key, value } = (given ?? {}) as { key?: unknown; value?: unknown };
  const fits = (text: unknown): text is string => typeof text === "string" && text.length <= 256 && !/\p{Cc}/u.test(text);
  if (!fits(key) || key.trim() === "" || !(value === undefined || fits(value))) throw new EngineError("IDN-121", { sent: false });
  return { key, ...(value !== undefined && { value }) };
}

/** Rejects where a person's edit has left no table: nothing is written over it. */
async function rowsOf(path: string): Promise<Map<string, string>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
  const csv = parseCsv(text.replace(/^\uFEFF/, ""));
  if (csv.columns.length !== 2) throw new EngineError("IDN-122", { sent: false });
  return new Map(csv.all().map((row) => [row.get(1), row.get(2)]));
}

async function replace(folder: string, path: string, part: string, bytes: Uint8Array): Promise<void> {
  const unfinished = join(folder, part);
  await unlink(unfinished).catch(() => undefined);
  const file = await open(unfinished, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  const directory = await open(folder, constants.O_RDONLY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function quoted(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
