import { EngineError } from "../sdk/index.ts";
import type { Call, ExitCode, Terminal } from "./command.ts";
import { startEngine } from "./compose.ts";
import { openDoors } from "./doors.ts";
import { projectFolder } from "./project-folder.ts";
import { reportProjectError } from "./report.ts";
import { createMissingSecrets } from "./secrets-needed.ts";
import { simulated } from "./simulated.ts";
import { paint } from "./terminal.ts";

/** Runs the example project on its own ports, with its partners simulated, until it is told to stop. */
export async function stay({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const root = projectFolder(terminal, words[0]);
  const { port } = flags;
  await createMissingSecrets(root);
  const closers: (() => Promise<void>)[] = [];
  try {
    const peers = await partners(root);
    closers.push(peers.close);
    const engine = await startEngine({ root, log: (line) => terminal.err(line) });
    closers.push(() => engine.close());
    const doors = await openDoors(engine, port === undefined ? engine.project.settings.console.port : Number(port));
    closers.push(() => doors.close());
    terminal.out(json ? JSON.stringify({ event: "ready", console: doors.url }) : welcome(doors.url, terminal));
    await aborted(terminal.signal);
    if (!json) terminal.out(`\nPartners received: ${Object.entries(peers.counts()).map(([name, count]) => `${name} ${count}`).join(", ")}`);
    return 0;
  } catch (error) {
    if (reportProjectError(error, terminal)) return 1;
    throw error;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** The simulators live with the tests; `demo` and `simulate` reach there, and only when called. */
async function partners(root: string) {
  const [{ startSimulators }, { preparePlaces }] = await simulated(() => Promise.all([import("../../test/simulators/simulators.ts"), import("../../test/simulators/places.ts")]));
  try {
    preparePlaces(root);
    return await startSimulators(undefined, root);
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    if (code === "EADDRINUSE") throw new EngineError("CLI-106", { port });
    throw error;
  }
}

function welcome(url: string, terminal: Terminal): string {
  const type = (command: string) => `  ${paint(terminal, "bold", command)}`;
  return [
    "",
    `Sluice runs the example project, with its partners simulated. Console: ${url}`,
    "",
    "Now, in another terminal:",
    "",
    "  A lab result: the record and the ward get it, the specimen tracker is refused its order number",
    type("npx sluice send channels/fixtures/oru-r01.hl7"),
    "  A booked visit: Stripe learns an amount and a token",
    type("npx sluice send channels/fixtures/appointment-booked.json"),
    "  or by hand",
    type('curl -H "Authorization: Bearer $(cat channels/secrets/visits_token)" -H "Content-Type: application/fhir+json" \\'),
    type("  --data-binary @channels/fixtures/appointment-booked.json http://127.0.0.1:8041/appointments"),
    "  A registration: analytics learns two codes",
    type("npx sluice send channels/fixtures/adt-a04.hl7"),
    "  What became of them",
    type("npx sluice message list"),
    type("npx sluice message show m1 --contents"),
    type("npx sluice top"),
    "  Or one patient's visit through every system, on a copy beside this one",
    type("npx sluice demo"),
    "",
    "Ctrl-C ends it.",
  ].join("\n");
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
