import { readdirSync, readFileSync } from "node:fs";

/** Resident bytes of a process and its descendants. Pages that several of them map (the Node binary) count once, in parts (`Pss` of proc(5)). */
export function residentBytes(root: number): number {
  let sum = 0;
  for (const pid of treeOf(root)) sum += kilobytes(pid, /^Pss:\s+(\d+) kB/m) * 1024;
  return sum;
}

function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const rest = [root];
  for (let pid = rest.pop(); pid !== undefined; pid = rest.pop()) {
    found.push(pid);
    rest.push(...(children.get(pid) ?? []));
  }
  return found;
}

function parentOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]); // the name in parentheses may hold spaces
  } catch {
    return -1; // it ended meanwhile
  }
}

function kilobytes(pid: number, line: RegExp): number {
  try {
    return Number(line.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
