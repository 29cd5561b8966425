import { compartmentNames, namePattern } from "../config/schema/words.ts";
import { partnerKinds } from "../config/schema/partners.ts";
import { hostOf, isLoopback } from "../config/lint/loopback.ts";
import type { Basis } from "../config/project.ts";
import { reaches, ungrantable } from "../phi/bases.ts";

/** Who sends in a new project. */
export interface NewSender {
  readonly name: string;
  readonly kind: string;
  /** What its messages may carry beside the ordinary. */
  readonly compartments: readonly string[];
}

/** Who receives, and what lets data go there. */
export interface NewReceiver extends NewSender {
  readonly basis: Basis;
  /** First and last day of the agreement. */
  readonly from: string;
  readonly until?: string;
  readonly address: string;
  /** What the agreement covers beside the ordinary. */
  readonly compartments: readonly string[];
}

/** One thing that is asked of a partner: once, here, and never again in a channel. */
interface Question {
  readonly key: string;
  readonly text: (name: string) => string;
  readonly standard: (answers: Answers) => string;
  /** What is wrong with an answer. */
  readonly wrong: (answer: string, answers: Answers) => string | undefined;
}

export type Answers = Readonly<Record<string, string>>;

/** Bases on which patient data may go, and none: then a closed list says what may leave. */
const usable = (Object.keys(reaches) as Basis[]).filter((basis) => basis === "none" || reaches[basis].level === "phi");
const among = (words: readonly string[]) => (answer: string) => (words.includes(answer) ? undefined : `"${answer}" is none of ${words.join(", ")}`);
const isDay = (answer: string) => /^\d{4}-\d\d-\d\d$/.test(answer) && !Number.isNaN(Date.parse(`${answer}T00:00:00Z`));
const listOf = (answer: string) => answer.split(/[\s+]+/).filter((word) => word !== "" && word !== "none");

const compartments = (text: (name: string) => string): Question => ({
  key: "compartments",
  text,
  standard: () => "none",
  wrong(answer, { basis }) {
    const listed = listOf(answer);
    const unknown = listed.find((word) => !(compartmentNames as readonly string[]).includes(word));
    if (unknown !== undefined) return `"${unknown}" is no compartment: ${compartmentNames.join(", ")}`;
    const never = basis === undefined ? [] : [...reaches[basis as Basis].never, ...ungrantable];
    const beyond = listed.find((word) => never.includes(word) || never.includes("*"));
    return beyond === undefined ? undefined : `no agreement of the basis ${basis} reaches "${beyond}"`;
  },
});

const name = (role: string, standard: string): Question => ({
  key: "name",
  text: () => `Who ${role}? A name with small letters, digits and hyphens`,
  standard: () => standard,
  wrong: (answer) => (new RegExp(namePattern).test(answer) ? undefined : `"${answer}" is no name: small letters, digits and hyphens`),
});

const kind = (standard: string): Question => ({ key: "kind", text: (name) => `What is ${name}? (${partnerKinds.join(", ")})`, standard: () => standard, wrong: among(partnerKinds) });

export const senderQuestions: readonly Question[] = [
  name("sends results", "lab"),
  kind("lab"),
  compartments((name) => `What may messages of ${name} carry beside the ordinary? (${compartmentNames.join(", ")}; none)`),
];

export const receiverQuestions: readonly Question[] = [
  name("receives them", "ward"),
  kind("provider"),
  {
    key: "basis",
    text: (name) => `On what basis may ${name} have patient data? (${usable.join(", ")})`,
    standard: () => "treatment",
    wrong: among(usable),
  },
  {
    key: "from",
    text: (name) => `First day of the agreement with ${name}?`,
    standard: ({ today }) => today ?? "",
    wrong: (answer) => (isDay(answer) ? undefined : `"${answer}" is no day: YYYY-MM-DD`),
  },
  {
    key: "until",
    text: () => "Its last day? (none: without end)",
    standard: () => "none",
    wrong: (answer, { from = "" }) => (answer === "none" || (isDay(answer) && answer >= from) ? undefined : `"${answer}" is no day from ${from} on: YYYY-MM-DD, or none`),
  },
  {
    key: "address",
    text: (name) => `Address of ${name}?`,
    standard: ({ basis }) => (basis === "none" ? "http://127.0.0.1:8052/results" : "mllp://127.0.0.1:8052"),
    wrong: wrongAddress,
  },
  compartments((name) => `Which of those does the agreement with ${name} cover? (none)`),
];

/** What of an agreement is not asked where there is none. */
export function isAsked({ key }: Question, { basis }: Answers): boolean {
  return basis !== "none" || !["from", "until", "compartments"].includes(key);
}

function wrongAddress(answer: string, { basis }: Answers): string | undefined {
  if (!/^(mllps?|https?):\/\/[A-Za-z0-9._[\]:-]+(\/[^?#\s]*)?$/.test(answer)) return `"${answer}" is no address: mllp://host:port, mllps://, http:// or https://`;
  if (basis === "none" && !answer.startsWith("http")) return "what goes to a partner without an agreement is a closed list, which goes over http:// or https://";
  if (!isLoopback(hostOf(answer)) && !/^(mllps|https):/.test(answer)) return "an address outside this machine is encrypted: mllps:// or https://";
  return undefined;
}

export function senderOf({ name = "", kind = "", compartments = "" }: Answers): NewSender {
  return { name, kind, compartments: listOf(compartments) };
}

export function receiverOf(answers: Answers): NewReceiver {
  const { basis = "none", from = "", until = "none", address = "" } = answers;
  return { ...senderOf(answers), basis: basis as Basis, from, ...(until === "none" ? {} : { until }), address };
}

/** `name=ward,kind=provider`: answers given beforehand. A text says what is wrong with them. */
export function givenAnswers(flag: string, written: unknown, questions: readonly Question[]): Answers | string {
  if (written === undefined) return {};
  const answers: Record<string, string> = {};
  for (const part of String(written).split(",").filter((part) => part.trim() !== "")) {
    const [key = "", ...value] = part.split("=");
    if (!questions.some((question) => question.key === key.trim()) || value.length === 0) return `--${flag} takes ${questions.map((question) => `${question.key}=…`).join(",")}`;
    answers[key.trim()] = value.join("=").trim();
  }
  return answers;
}

export type { Question };
