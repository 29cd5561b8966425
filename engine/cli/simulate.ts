import type { Call, Command, ExitCode, Terminal } from "./command.ts";
import { loadProject } from "./compose.ts";
import { projectFolder } from "./project-folder.ts";
import { reportProjectError } from "./report.ts";
import { EngineError } from "../sdk/index.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "simulate",
  summary: "stand in for the partners of a project on this machine: take everything, say yes",
  usage: "sluice simulate [DIR] [--partner NAME…] [--json]",
  examples: ["sluice simulate clinic", "sluice simulate clinic --partner ward"],
  options: { partner: { type: "string", multiple: true } },
  positionals: { min: 0, max: 1, help: "DIR: the folder that holds sluice.yaml (default: .)" },
  run,
};

/** Says where it listens, then a line for each arrival: partner, address and size, never content. */
async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const root = projectFolder(terminal, words[0]);
  let partners: Awaited<ReturnType<typeof loadProject>>["project"]["partners"];
  try {
    ({ partners } = (await loadProject(root, { assumeSecrets: true })).project);
  } catch (error) {
    if (reportProjectError(error, terminal, words[0])) return 1;
    throw error;
  }
  const wanted = flags["partner"] as readonly string[] | undefined;
  const unknown = wanted?.find((name) => !partners.has(name));
  if (unknown !== undefined) return wrongCall(terminal, `the project has no partner ${unknown}`, "simulate");
  const places = [...partners.values()]
    .filter(({ name }) => wanted === undefined || wanted.includes(name))
    .flatMap(({ name, endpoints }) => endpoints.map(({ id, url }) => ({ partner: name, endpoint: id, url })));
  const standIns = await open(places, terminal, json);
  try {
    for (const { partner, endpoint, url } of standIns.open) say(terminal, json, { event: "listening", partner, endpoint, url }, `listening for ${partner} at ${url}`);
    for (const { partner, endpoint, url } of standIns.left) say(terminal, json, { event: "left-out", partner, endpoint }, `left out ${partner} ${endpoint}: not a plain address of this machine (${new URL(url).protocol})`);
    if (standIns.open.length === 0) return 1;
    say(terminal, json, { event: "ready", partners: standIns.open.length }, "ready: Ctrl-C ends it");
    await new Promise<void>((ended) => (terminal.signal.aborted ? ended() : terminal.signal.addEventListener("abort", () => ended(), { once: true })));
    return 0;
  } finally {
    await standIns.close();
  }
}


async function open(places: readonly { readonly partner: string; readonly endpoint: string; readonly url: string }[], terminal: Terminal, json: boolean) {
  const { startStandIns } = await import("../../test/simulators/stand-ins.ts");
  try {
    return await startStandIns(places, ({ partner, endpoint }, bytes) =>
      say(terminal, json, { event: "arrived", partner, endpoint, bytes }, `→ ${partner} ${endpoint} ${bytes} bytes`),
    );
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    if (code === "EADDRINUSE") throw new EngineError("CLI-106", { port });
    throw error;
  }
}

function say(terminal: Terminal, json: boolean, event: Readonly<Record<string, string | number>>, text: string): void {
  terminal.out(json ? JSON.stringify(event) : text);
}
