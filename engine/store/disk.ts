import { readFileSync, realpathSync, statfsSync } from "node:fs";
import { EngineError } from "../sdk/error.ts";

/** File systems on which locks or fsync are not what SQLite needs them to be. */
const remote = new Map([
  [0x6969, "nfs"],
  [0x517b, "smb"],
  [0xff534d42, "cifs"],
  [0xfe534d42, "smb2"],
  [0x01021997, "9p"],
  [0x5346414f, "afs"],
  [0x73757245, "coda"],
]);
const volatile = new Map([
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
]);
const overlay = 0x794c7630;

/** Refuses a directory whose file system forgets or shares: an ack from there would be a promise nobody keeps. */
export function checkFileSystem(dir: string, allowVolatile: boolean): void {
  const type = statfsSync(dir).type >>> 0;
  const name = remote.get(type) ?? (allowVolatile ? undefined : volatile.get(type));
  if (name !== undefined) throw new EngineError("STO-102", { fileSystem: name });
  if (type === overlay && !allowVolatile && mountOptions(realpathSync(dir)).includes("volatile"))
    throw new EngineError("STO-102", { fileSystem: "overlay, volatile" });
}

/** Options of the mount that holds a path: the longest mount point that is a prefix of it. */
function mountOptions(path: string): readonly string[] {
  let longest = "";
  let options: readonly string[] = [];
  for (const line of readFileSync("/proc/self/mounts", "utf8").split("\n")) {
    const [, point = "", , list = ""] = line.split(" ");
    if (point === "" || point.length < longest.length) continue;
    if (path !== point && point !== "/" && !path.startsWith(`${point}/`)) continue;
    longest = point;
    options = list.split(",");
  }
  return options;
}

export function freeBytes(dir: string): number {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
}

/** An error of the file system as the store's own; the path stays in the cause. */
export function unreadable(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  return new EngineError("STO-103", { system: (error as NodeJS.ErrnoException).code ?? "" }, { cause: error });
}
