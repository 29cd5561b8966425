import type { Call, Command, ExitCode } from "./command.ts";
import { stay } from "./demo-stay.ts";
import { walkVisit } from "./demo-walk.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "demo",
  summary: "walk one patient's visit through the example project, with its partners simulated; --stay: run it and wait",
  usage: "sluice demo [DIR] [--out FILE] [--json] | sluice demo --stay [DIR] [--port N] [--json]",
  examples: ["sluice demo", "sluice demo --json", "sluice demo --stay channels"],
  options: { stay: { type: "boolean" }, port: { type: "string" }, out: { type: "string" } },
  positionals: { min: 0, max: 1, help: "DIR: the folder that holds the example's sluice.yaml" },
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { stay: stays, port, out } = call.flags;
  if (port !== undefined && !stays) return wrongCall(call.terminal, "--port goes with --stay: the visit has a console of its own", "demo");
  if (out !== undefined && stays) return wrongCall(call.terminal, "--out goes without --stay; a running project is drawn by sluice map", "demo");
  if (port !== undefined && !/^\d{1,5}$/.test(String(port))) return wrongCall(call.terminal, "--port takes a number", "demo");
  return stays ? await stay(call) : await walkVisit(call);
}
