import { readdirSync, readFileSync } from "node:fs";

/** CPU and memory of a process and all its descendants, from /proc. */
export interface Usage {
  readonly processes: number;
  readonly cpuUs: number;
  readonly rssBytes: number;
}

const microsecondsPerTick = 10_000; // USER_HZ is 100 on every Linux that runs Node
const pageBytes = 4096;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

/**
 * Sums user and system time with that of reaped children, so that a worker which ends in between is not lost:
 * its time moves to its parent's counters.
 */
export function usageOfTree(root: number): Usage {
  const children = new Map<number, Stat[]>();
  const all = new Map<number, Stat>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (stat === undefined) continue;
    all.set(stat.pid, stat);
    const siblings = children.get(stat.parent);
    if (siblings === undefined) children.set(stat.parent, [stat]);
    else siblings.push(stat);
  }
  const tree: Stat[] = [];
  const rest = [all.get(root)];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    tree.push(next);
    rest.push(...(children.get(next.pid) ?? []));
  }
  return {
    processes: tree.length,
    cpuUs: tree.reduce((sum, s) => sum + s.ticks, 0) * microsecondsPerTick,
    rssBytes: tree.reduce((sum, s) => sum + s.pages, 0) * pageBytes,
  };
}

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // the name in parentheses may hold spaces
    const at = (n: number) => Number(fields[n - 3]); // fields are counted from 1 in proc(5), the third is first here
    return { pid, parent: at(4), ticks: at(14) + at(15) + at(16) + at(17), pages: at(24) };
  } catch {
    return undefined; // it ended meanwhile
  }
}
