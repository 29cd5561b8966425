import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkFileSystem } from "../../store/disk.ts";
import { openReader } from "../../store/index.ts";
import { spokenSize } from "../spoken.ts";
import { type Finding, type Patient, refused } from "./finding.ts";

const slowMs = 20;
const writes = 15;

/** Where the record is, or will be: file system, space, how long a durable write takes. */
export function disk(patient: Patient): Finding[] {
  const folder = nearest(patient.data);
  const found: Finding[] = [];
  try {
    checkFileSystem(folder, false);
    found.push({ check: "disk", verdict: "ok", what: "the file system keeps what is written" });
  } catch (error) {
    found.push(refused("disk", "blocked", "the store's file system", error, "STO-103", 'put the store on a local disk: "data:" in sluice.yaml'));
  }
  return [...found, space(folder, patient), ...durability(folder)];
}

function space(folder: string, { project }: Patient): Finding {
  const { bavail, bsize, blocks } = statfsSync(folder);
  const free = bavail * bsize;
  const reserve = project?.settings.store.minFreeBytes ?? 64 * 1024 * 1024;
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  const what = `${gigabytes(free)} free of ${gigabytes(blocks * bsize)}`;
  const help = `free space, or prune; below ${spokenSize(reserve)} nothing is accepted`;
  if (free < reserve) return { check: "disk", verdict: "error", code: "STO-202", what, help };
  if (free < 4 * reserve || free < 2 ** 30) return { check: "disk", verdict: "warning", code: "DOC-104", what, help };
  return { check: "disk", verdict: "ok", what };
}

/** Every acknowledgement waits for one: the middle of a few is what a sender feels. */
function durability(folder: string): Finding[] {
  let own: string | undefined;
  try {
    own = mkdtempSync(join(folder, ".doctor-"));
    const file = openSync(join(own, "probe"), "w", 0o600);
    const bytes = Buffer.alloc(4096, 1);
    const times = Array.from({ length: writes }, () => {
      const started = performance.now();
      writeSync(file, bytes);
      fsyncSync(file);
      return performance.now() - started;
    });
    closeSync(file);
    const middle = times.toSorted((a, b) => a - b)[Math.floor(writes / 2)] ?? 0;
    const what = `a durable write takes ${middle.toFixed(1)} ms`;
    if (middle <= slowMs) return [{ check: "disk", verdict: "ok", what }];
    return [{ check: "disk", verdict: "warning", code: "DOC-103", what, help: `a sender waits that long for each acknowledgement; a local SSD takes less than ${slowMs} ms` }];
  } catch (error) {
    return [refused("disk", "blocked", "the store's folder cannot be written", error, "STO-103", "give the account that runs the engine its folder")];
  } finally {
    if (own !== undefined) rmSync(own, { recursive: true, force: true });
  }
}

/** The record itself: opened for reading beside an engine that may run, with its keys, and one content of it unsealed. Gives the time of its last message too. */
export function store({ data }: Patient): { readonly findings: readonly Finding[]; readonly latest: number } {
  if (!existsSync(join(data, "master.key")) && !existsSync(join(data, "record.db"))) {
    return { findings: [{ check: "store", verdict: "ok", what: "none yet: the first start makes it" }], latest: 0 };
  }
  const findings: Finding[] = [];
  const mode = statSync(data).mode & 0o777;
  if ((mode & 0o077) !== 0) findings.push({ check: "store", verdict: "warning", code: "DOC-105", what: `its folder has mode ${mode.toString(8)}`, help: `chmod 700 ${data}` });
  let latest = 0;
  try {
    const reader = openReader(data);
    try {
      const [last] = reader.list({ limit: 1 });
      latest = last?.receivedAt ?? 0;
      const unreadable = last && reader.message(last.id)?.unreadable?.[0];
      if (unreadable) findings.push({ check: "store", verdict: "error", code: unreadable.code, what: `${unreadable.stage} of message m${last.id} does not open`, help: "restore the key that sealed it, or the backup" });
      else findings.push({ check: "store", verdict: "ok", what: last ? `opens; its last message is m${last.id}` : "opens; no message yet" });
    } finally {
      reader.close();
    }
  } catch (error) {
    findings.push(refused("store", "blocked", "it does not open", error, "STO-103", "the page of the code says what to do; a backup restores record and key together"));
  }
  return { findings, latest };
}

function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}
