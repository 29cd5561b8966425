import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { boundaryMap, svg, unmarked } from "../map/index.ts";
import { systemClock } from "../runtime/clock.ts";
import type { Call, ExitCode } from "./command.ts";
import { DemoPicture } from "./demo-picture.ts";
import { projectFolder } from "./project-folder.ts";
import { reportProjectError } from "./report.ts";
import { simulated } from "./simulated.ts";

/** The example as it came with this program: the visit is written for it. */
const ownExample = join(import.meta.dirname, "../../channels");

/**
 * One patient's visit through a copy of the example, on free ports, with a record of its own that goes with it. Ends by itself: 0 when each partner has
 * recorded what it had to, and nothing that it must not have.
 */
export async function walkVisit({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const root = words[0] === undefined ? ownExample : projectFolder(terminal, words[0]);
  // The partners and their staff live with the tests; this reaches there, and only when called.
  const [{ startExample }, { walk }, { visit, hurried }] = await simulated(() => Promise.all([import("../../test/simulators/example.ts"), import("../../test/simulators/visit/walk.ts"), import("../../test/simulators/visit/steps.ts")]));
  let example: Awaited<ReturnType<typeof startExample>>;
  try {
    example = await startExample(root, { change: hurried });
  } catch (error) {
    if (reportProjectError(error, terminal, words[0])) return 1;
    throw error;
  }
  let isClosed = false;
  try {
    const map = boundaryMap(example.engine.project, systemClock.now());
    const picture = new DemoPicture(terminal, map);
    const lines = [];
    const say = (text: string) => json || terminal.out(text);
    say(picture.head());
    for await (const line of walk(example, visit, { signal: terminal.signal, begun: (step) => say(picture.begin(step)), seen: (seen) => say(picture.attempt(seen)) })) {
      lines.push(line);
      if (json) terminal.out(JSON.stringify(line));
    }
    const counts = example.peers.counts();
    const file = typeof flags["out"] === "string" ? resolve(terminal.cwd, flags["out"]) : join(root, ".sluice", "boundary.svg");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, svg(map, unmarked(map)));
    // Partners without an agreement hold what arrived against everybody of the fixtures as they close.
    isClosed = true;
    await example.close();
    say(picture.end(lines, counts, file));
    return lines.every(({ ok }) => ok) ? 0 : 1;
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
    return 1;
  } finally {
    if (!isClosed) await example.close();
  }
}
