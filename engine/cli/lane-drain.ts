import { ageText } from "../console/presenter.ts";
import { systemClock } from "../runtime/clock.ts";
import type { EngineStatus, LaneView } from "../runtime/operations.ts";
import { EngineError } from "../sdk/error.ts";
import { sleep } from "../sdk/ports.ts";
import type { Call, ExitCode } from "./command.ts";
import type { LiveDoor } from "./door.ts";
import { stopReason } from "./lane-row.ts";
import { wrongCall } from "./wrong-call.ts";

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
const tellMs = 2_000;

/** Closes what comes in and waits until the lanes have run empty, so that the engine can be stopped with nothing in flight; `open` takes it back. */
export async function drain(call: Call, what: "drain" | "open", names: readonly string[], connect: () => Promise<LiveDoor>): Promise<ExitCode> {
  const { terminal, flags, json } = call;
  if (names.length === 0 && flags["all"] !== true) return wrongCall(terminal, `lane ${what} needs a CHANNEL, or --all`, "lane");
  const parts = /^(\d{1,6})([smh])$/.exec(String(flags["within"] ?? "10m"));
  if (!parts) return wrongCall(terminal, "--within takes a time: 30s, 5m", "lane");
  const door = await connect();
  const known = (await door.status()).channels.map(({ channel }) => channel);
  const channels = names.length === 0 ? known : names;
  const unknown = channels.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new EngineError("RUN-201", { channel: unknown });
  if (what === "open") {
    await door.intake("open", channels);
    terminal.out(json ? JSON.stringify({ channels, intake: "open" }) : `open again: ${channels.join(", ")}`);
    return 0;
  }
  // Another operator may have closed some before, and not for this drain.
  const own = await door.intake("close", channels);
  const deadline = systemClock.monotonic() + Number(parts[1]) * (units[parts[2] ?? ""] ?? 0);
  let told = systemClock.monotonic();
  for (;;) {
    const waiting = waitingIn(await door.status(), channels);
    const depth = waiting.reduce((sum, lane) => sum + lane.depth - lane.held, 0);
    if (depth === 0) {
      terminal.out(json ? JSON.stringify({ channels, drained: true, waiting: 0 }) : `drained: nothing in flight on ${channels.join(", ")}; intake stays closed until "sluice lane open" or a restart`);
      return 0;
    }
    if (systemClock.monotonic() >= deadline) {
      if (json) terminal.out(JSON.stringify({ channels, drained: false, waiting: depth }));
      else for (const lane of waiting) terminal.out(`${lane.lane}: ${lane.depth - lane.held} still in flight, oldest ${ageText(lane.oldestAgeMs)}; ${stopReason(lane, undefined) || "working"}`);
      return 1;
    }
    if (systemClock.monotonic() - told >= tellMs) {
      told = systemClock.monotonic();
      terminal.err(`${depth} in flight in ${waiting.length} lanes`);
    }
    if (!(await sleep(systemClock, 200, terminal.signal))) {
      if (own.length > 0) await door.intake("open", own);
      const rest = channels.filter((name) => !own.includes(name));
      const intake = own.length === 0 ? "intake stays closed" : `intake is open again${rest.length === 0 ? "" : ` on ${own.join(", ")}`}`;
      const before = rest.length === 0 ? "" : `; somebody had closed ${rest.join(", ")} before`;
      terminal.out(json ? JSON.stringify({ channels, drained: false, waiting: depth, opened: own }) : `left with ${depth} in flight; ${intake}${before}`);
      return 1;
    }
  }
}

/** Held ones wait for a person, not for the lane. */
function waitingIn(status: EngineStatus, channels: readonly string[]): readonly LaneView[] {
  return status.lanes.filter((lane) => channels.includes(lane.channel) && lane.depth > lane.held);
}
