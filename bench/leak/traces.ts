import { readTree } from "../../engine/codec/index.ts";
import type { Format, Receipt } from "../../engine/sdk/index.ts";
import { bytes, channel, destination, entry, partner, setUp } from "../../engine/flow/flow.fixture.ts";
import { Events } from "../../engine/runtime/events.ts";
import { eventLine, type EventLine } from "../../engine/cli/event-line.ts";
import { ManualClock } from "../../engine/sdk/testing/manual-clock.ts";
import type { Corpora } from "./corpora.ts";
import type { Draws } from "./draws.ts";
import { formats, messageOf } from "./messages.ts";
import { household } from "./persons.ts";
import { type Planted, plantedOf } from "./planted.ts";

/** What the engine says of a message to others than its partners: acknowledgement, error, log line, record of a refusal. */
export interface Trace {
  readonly exit: string;
  readonly damage: string;
  readonly planted: readonly Planted[];
  readonly said: string;
  /** Of the message and how it was broken, to tell cases apart. */
  readonly of: string;
}

type Damage = readonly [name: string, (text: string, draws: Draws, planted: readonly Planted[]) => string];

const anywhere = (text: string, draws: Draws) => draws.below(text.length);
const insert = (text: string, at: number, what: string) => text.slice(0, at) + what + text.slice(at);
const one = (planted: readonly Planted[], draws: Draws) => draws.one(planted).value;

/** Ways in which a sender's message is broken, each beside or with somebody's identifiers. */
const damages: readonly Damage[] = [
  ["whole", (text) => text],
  ["cut off", (text, draws) => text.slice(0, anywhere(text, draws))],
  ["beginning lost", (text, draws) => text.slice(anywhere(text, draws))],
  ["identifier before it", (text, draws, planted) => `${one(planted, draws)}${text}`],
  ["identifier in the middle", (text, draws, planted) => insert(text, anywhere(text, draws), one(planted, draws))],
  ["quotes lost", (text) => text.replaceAll('"', "")],
  ["a quote too many", (text, draws) => insert(text, anywhere(text, draws), '"')],
  ["a bracket too many", (text, draws) => insert(text, anywhere(text, draws), "{<[")],
  ["control characters", (text, draws) => insert(text, anywhere(text, draws), "\u0000\u001b\u000b")],
  ["type is an identifier", (text, draws, planted) => text.replace(/ADT\^A0\d|ORU\^R01|"Bundle"/, `"${one(planted, draws)}"`).replace(/(?<=<\/?)NewRx(?=>)/g, one(planted, draws).replace(/[^A-Za-z]/g, "") || "Rx")],
  ["version is an identifier", (text, draws, planted) => text.replace("|2.5.1|", `|${one(planted, draws)}|`).replace(/005010X222A1~|\*00501\*/, (found) => `${found.endsWith("~") ? "" : "*"}${one(planted, draws)}${found.at(-1)}`).replace('TransactionVersion="20170715"', `TransactionVersion="${one(planted, draws).replace(/[<&"]/g, "")}"`)],
  ["segment is an identifier", (text, draws, planted) => text.replace("\rNK1|", `\r${one(planted, draws)}|`).replace("\nPAT*", `\n${one(planted, draws)}*`)],
  ["key twice", (text) => text.replace("{", '{"mrn":"1","mrn":"2",')],
  ["key is an identifier", (text, draws, planted) => text.replace("{", `{"${one(planted, draws)}":1,"${one(planted, draws)}":2,`)],
  ["element is an identifier", (text, draws, planted) => text.replace(/<record>|<HumanPatient>/, (tag) => `${tag}<${one(planted, draws).replace(/\W/g, "")}>`)],
  ["entity is an identifier", (text, draws, planted) => text.replace(/<record>|<HumanPatient>/, (tag) => `${tag}&${one(planted, draws).replace(/\W/g, "")};`)],
  ["wrong charset", (text) => text.replace("UNICODE UTF-8", "8859/99")],
];

export class Traces {
  readonly #draws: Draws;
  readonly #from: Corpora;
  readonly #log: string[] = [];
  /** Sabotage: an acknowledgement that quotes what it could not read, as other engines' do. */
  readonly #echo: boolean;

  constructor(draws: Draws, from: Corpora, echo: boolean) {
    this.#draws = draws;
    this.#from = from;
    this.#echo = echo;
  }

  /** One broken message through the real intake, and one through transform, closed list and lane. */
  async make(): Promise<Trace[]> {
    const draws = this.#draws;
    const format = draws.one(formats);
    const home = household(draws, this.#from);
    const planted = plantedOf(home);
    const [damage, break_] = draws.one(damages);
    const text = break_(messageOf(format, home, draws, this.#from), draws, planted);
    const of = `${format} ${damage} ${text}`;
    const about = (exit: string, said: string): Trace => ({ exit, damage: `${format}, ${damage}`, planted, said, of: `${exit}\n${of}` });
    this.#log.length = 0;
    const said: Trace[] = [about("error text", errorOf(format, text))];
    const events = new Events(new ManualClock(), (line) => this.#log.push(line));
    const told: string[] = [];
    const stop = events.follow((happening) => told.push(eventLine(happening as EventLine)));
    const base = channel();
    const own = { ...base, source: { ...base.source, format, types: format === "hl7v2" ? ["ADT^A01"] : [] }, destinations: [destination({ sends: "none", format: "json", only: { amount: { kind: "integer", minimum: 1, maximum: 9, optional: false } } })] };
    const wrong = draws.one(planted).value;
    const set = setUp({ channel: own, events, partners: { [own.source.partner]: partner(own.source.partner) }, run: async () => ({ results: [draws.chance(0.5) ? { kind: "output", format: "json", text: JSON.stringify({ amount: wrong, [wrong]: 1 }) } : { kind: "output", format: "json", text: `{"amount": ${wrong}` }], log: [text] }) });
    const receipt = await set.flow.receive(bytes(text));
    said.push(about("ack", (this.#echo ? text.slice(0, 200) : "") + ackOf(receipt, text)));
    if (!text.includes("\rMSH") && !text.includes("\v")) {
      const prepared = await set.lane.prepare(entry({ raw: { format, bytes: bytes(text) } })).catch((error: unknown) => String(error));
      said.push(about("refusal", JSON.stringify(prepared, (key, value: unknown) => (key === "run" || value instanceof Uint8Array ? undefined : value))));
    }
    stop();
    said.push(about("log line", this.#log.join("\n")), about("tail line", told.join("\n")), about("metric label", [...events.received.keys(), ...events.failed.keys(), ...events.failed.values()].join("\n")));
    return said;
  }
}

function errorOf(format: Format, text: string): string {
  try {
    const tree = readTree(format, text);
    tree.values("PID-5.1");
    return "";
  } catch (error) {
    const { message, stack, name } = error as Error;
    return [name, message, stack?.replace(/\n {4}at [^\n]*/g, ""), JSON.stringify(error), JSON.stringify((error as { safe?: unknown }).safe ?? {})].join("\n");
  }
}

/**
 * The acknowledgement as its reader gets it, but for what it must repeat of the sender's own header, whatever the sender wrote there: the parties of MSH-3 to 6
 * and the number of the message (HL7 v2 2.9.2, 2.14.8.2), and To, From and MessageID of SCRIPT.
 */
function ackOf({ ack, ...rest }: Receipt, sent: string): string {
  const header = sent.split("\r").find((line) => line.startsWith("MSH|"))?.split("|") ?? [];
  const parties = new Set(header.slice(2, 6));
  const lines = (ack ? Buffer.from(ack).toString("utf8") : "").split("\r").map((line) => {
    const fields = line.split("|");
    if (fields[0] === "MSA" && fields[2] === header[9]) fields[2] = "";
    if (fields[0] === "MSH") for (const at of [2, 3, 4, 5]) if (parties.has(fields[at] ?? "")) fields[at] = "";
    return fields.join("|");
  });
  const said = lines.join("\r").replace(/<(To|From|RelatesToMessageID)\b[^>]*>([^<]*)/g, (part, name: string, value: string) => (value !== "" && sent.includes(`>${value}<`) ? `<${name}>` : part));
  return `${JSON.stringify(rest)}\n${said}`;
}
