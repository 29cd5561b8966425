import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { systemClock } from "../runtime/clock.ts";
import { builtInConnectors } from "../runtime/registry.ts";
import { EngineError } from "../sdk/index.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { projectFiles } from "./init-files.ts";
import { type Answers, givenAnswers, isAsked, type Question, receiverOf, receiverQuestions, senderOf, senderQuestions } from "./init-partners.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "init",
  summary: "begin a project that lints and tests green: results from one partner to another, each asked about once",
  usage: "sluice init [DIR] [--name NAME] [--port N] [--sender KEY=VALUE,…] [--receiver KEY=VALUE,…] [--yes] [--json]",
  examples: [
    "sluice init clinic",
    "sluice init clinic --name riverside --port 2575 --yes",
    "sluice init clinic --sender name=northside-lab --receiver name=insights,kind=analytics,basis=none --yes",
  ],
  options: { name: { type: "string" }, port: { type: "string" }, sender: { type: "string" }, receiver: { type: "string" }, yes: { type: "boolean", short: "y" } },
  positionals: { min: 0, max: 1, help: "DIR: the folder to begin in (default: .)" },
  run,
};

type Ask = (question: string, standard: string) => Promise<string>;

async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const folder = resolve(terminal.cwd, words[0] ?? ".");
  const ask: Ask = async (question, standard) => (terminal.ask && !flags["yes"] && !json ? terminal.ask(question, standard) : standard);
  const named = async (flag: string, question: string, standard: string) => (typeof flags[flag] === "string" ? flags[flag] : ask(question, standard));
  const wrong = (what: string) => wrongCall(terminal, what, "init");

  const name = await named("name", "Name of the project?", basename(folder).toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "") || "sluice");
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return wrong("a name has small letters, digits and hyphens");
  const given = { sender: givenAnswers("sender", flags["sender"], senderQuestions), receiver: givenAnswers("receiver", flags["receiver"], receiverQuestions) };
  if (typeof given.sender === "string") return wrong(given.sender);
  if (typeof given.receiver === "string") return wrong(given.receiver);

  const sender = await answers(senderQuestions, given.sender, ask);
  if (typeof sender === "string") return wrong(sender);
  const port = await named("port", `Port on which ${sender["name"]} sends (MLLP)?`, "2575");
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) return wrong("a port is a number from 1 to 65535");
  const receiver = await answers(receiverQuestions, given.receiver, ask);
  if (typeof receiver === "string") return wrong(receiver);
  if (receiver["name"] === sender["name"]) return wrong("sender and receiver are two partners: two names");

  const files = projectFiles({ name, port: Number(port), sender: senderOf(sender), receiver: receiverOf(receiver) }, await builtInConnectors());
  write(folder, files);
  const inside = relative(terminal.cwd, folder);
  const shown = inside.startsWith("..") ? folder : inside || ".";
  if (json) terminal.out(JSON.stringify({ folder, files: Object.keys(files) }));
  else {
    const next = ["lint", "test", "dev"].map((command) => `  sluice ${command} ${shown}`);
    terminal.out([`wrote ${Object.keys(files).length} files to ${shown}`, "", "Next:", ...next].join("\n"));
  }
  return 0;
}

/** What flags do not say is asked; a text says what is wrong with an answer. */
async function answers(questions: readonly Question[], given: Answers, ask: Ask): Promise<Answers | string> {
  const today = new Date(systemClock.now()).toISOString().slice(0, 10);
  let known: Answers = { today };
  for (const question of questions) {
    const isGiven = given[question.key] !== undefined;
    if (!isGiven && !isAsked(question, known)) continue;
    const answer = given[question.key] ?? (await ask(question.text(known["name"] ?? ""), question.standard(known)));
    const problem = question.wrong(answer, known);
    if (problem !== undefined) return problem;
    known = { ...known, [question.key]: answer };
  }
  return known;
}

/** Nothing that is there already is touched. */
function write(folder: string, files: Readonly<Record<string, string>>): void {
  const taken = Object.keys(files).find((file) => existsSync(join(folder, file)));
  if (taken !== undefined) throw new EngineError("CLI-105", { file: taken });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text, { flag: "wx" });
  }
}
