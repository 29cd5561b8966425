import { systemClock } from "../../runtime/clock.ts";
import { createSandbox } from "../../sandbox/index.ts";
import type { Walls } from "../../sandbox/sandbox.ts";
import { type Finding, type Patient, refused } from "./finding.ts";

const oldestNode = 24;

/** The release of this version; a clock before it is wrong. */
const released = Date.UTC(2026, 0, 1);

export function node(version = process.versions.node): Finding[] {
  const major = Number(version.split(".")[0]);
  if (major >= oldestNode) return [{ check: "node", verdict: "ok", what: `Node ${version}` }];
  return [{ check: "node", verdict: "blocked", code: "DOC-101", what: `Node ${version}`, help: `install Node ${oldestNode} or later; 26 closes the network to the sandbox by itself` }];
}

/** The walls as they stand when they are tried, from inside a worker. */
export async function sandbox({ project }: Patient): Promise<Finding[]> {
  const settings = project?.settings.sandbox ?? { walls: "full", timeoutMs: 1000, memoryMb: 64 };
  let walls: Walls;
  try {
    const tried = await createSandbox({ walls: "reduced", timeoutMs: settings.timeoutMs, memoryMb: settings.memoryMb, clock: systemClock });
    ({ walls } = tried);
    await tried.close();
  } catch (error) {
    return [refused("sandbox", "blocked", "no worker starts", error, "SBX-302", "run again with --debug; the page of the code says what a worker needs")];
  }
  const standing = Object.entries(walls).filter(([, stands]) => stands).map(([name]) => name);
  const missing = Object.entries(walls).filter(([, stands]) => !stands).map(([name]) => name);
  if (missing.length === 0) return [{ check: "sandbox", verdict: "ok", what: `walls: ${standing.join(", ")}` }];
  const isFatal = settings.walls === "full" && !walls.network;
  return [
    {
      check: "sandbox",
      verdict: isFatal ? "blocked" : "warning",
      code: "DOC-102",
      what: `no wall: ${missing.join(", ")}; standing: ${standing.join(", ")}`,
      help: isFatal ? "run on Node 26, or allow user namespaces (unshare -rn); to run without this wall write sandbox: { walls: reduced }" : "run on Node 26, or allow user namespaces (unshare -rn)",
    },
  ];
}

/** A clock that is far off breaks agreements and certificates; `latest` is the last thing the record knows to have happened. */
export function clock({ now }: Pick<Patient, "now">, latest = 0): Finding[] {
  const help = "set the clock, and let the system keep it (NTP)";
  if (now < released) return [{ check: "clock", verdict: "error", code: "DOC-114", what: `it says ${new Date(now).toISOString()}, before this version was made`, help }];
  if (now < latest - 60_000) {
    const behind = Math.round((latest - now) / 60_000);
    return [{ check: "clock", verdict: "error", code: "DOC-114", what: `it is ${behind} minutes behind the last message of the record`, help }];
  }
  return [{ check: "clock", verdict: "ok", what: new Date(now).toISOString() }];
}
