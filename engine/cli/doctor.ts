import { codeOf } from "../sdk/index.ts";
import { dataFolder } from "../config/read/data-folder.ts";
import { systemClock } from "../runtime/clock.ts";
import type { Call, Command, ExitCode, Terminal } from "./command.ts";
import type { Finding, Patient, Verdict } from "./doctor/finding.ts";
import { clock, node, sandbox } from "./doctor/machine.ts";
import { agreements, endpoints, profiles, secrets } from "./doctor/partners.ts";
import { ports } from "./doctor/ports.ts";
import { disk, store } from "./doctor/store.ts";
import { tls } from "./doctor/tls.ts";
import { openLiveDoor } from "./door.ts";
import { lintFolder } from "./lint.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { paint } from "./terminal.ts";

/** What is wrong with this machine and this project, before somebody finds out at night. */
export const command: Command = {
  name: "doctor",
  summary: "look at this machine, the store, certificates and partners for what is wrong or soon will be",
  usage: "sluice doctor [--connect] [--project DIR] [--json]",
  examples: ["sluice doctor", "sluice doctor --connect --project clinic", "sluice doctor --json"],
  options: { ...projectFlag, connect: { type: "boolean" } },
  positionals: { min: 0, max: 0, help: "nothing" },
  run,
};

async function run({ terminal, flags, json }: Call): Promise<ExitCode> {
  const patient = await admitted(projectOf(terminal, flags), terminal.env);
  const { findings: opened, latest } = store(patient.patient);
  const findings = [
    ...node(),
    ...(await sandbox(patient.patient)),
    ...disk(patient.patient),
    ...opened,
    ...clock(patient.patient, latest),
    ...patient.lint,
    ...(await ports(patient.patient)),
    ...tls(patient.patient),
    ...secrets(patient.patient),
    ...agreements(patient.patient),
    ...profiles(patient.patient),
    ...(flags["connect"] ? await endpoints(patient.patient) : []),
  ];
  for (const finding of findings) terminal.out(json ? JSON.stringify(finding) : text(finding, terminal));
  if (!json) terminal.out(summary(findings));
  return exitOf(findings);
}

/** 78: the engine cannot run here. Warnings alone are no failure. */
export function exitOf(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ verdict }) => verdict === "blocked")) return 78;
  return findings.some(({ verdict }) => verdict === "error") ? 1 : 0;
}

async function admitted(root: string, env: Terminal["env"]): Promise<{ readonly patient: Patient; readonly lint: readonly Finding[] }> {
  const { read, diagnostics } = await lintFolder(root, env);
  const errors = diagnostics.filter(({ level }) => level === "error").length;
  const lint: Finding =
    errors === 0
      ? { check: "project", verdict: "ok", what: "lints without errors" }
      : { check: "project", verdict: "error", code: "DOC-115", what: `${errors} ${errors === 1 ? "error" : "errors"}`, help: "sluice lint says where" };
  const patient = { root, env, data: dataFolder(root), ...(read.project ? { project: read.project } : {}), now: systemClock.now(), running: await isRunning(root) };
  return { patient, lint: [lint] };
}

async function isRunning(root: string): Promise<boolean> {
  try {
    (await openLiveDoor(root)).close();
    return true;
  } catch (error) {
    return codeOf(error, "CLI-104") !== "CLI-101";
  }
}

const signs: Readonly<Record<Verdict, readonly [string, "green" | "yellow" | "red"]>> = {
  ok: ["ok     ", "green"],
  warning: ["warning", "yellow"],
  error: ["ERROR  ", "red"],
  blocked: ["BLOCKED", "red"],
};

function text({ check, verdict, what, code, help }: Finding, terminal: Terminal): string {
  const [sign, colour] = signs[verdict];
  const line = `${paint(terminal, colour, sign)}  ${check.padEnd(10)}  ${[code, what].filter(Boolean).join("  ")}`;
  return help === undefined ? line : `${line}\n${" ".repeat(21)}${help}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const wrong = count("error") + count("blocked");
  return `${wrong === 0 ? "nothing is" : wrong === 1 ? "1 thing is" : `${wrong} things are`} wrong, ${count("warning")} will want care`;
}
