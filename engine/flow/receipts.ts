import { type AcksDue, acksDue, isDue, readHeader } from "../codec/ack/index.ts";
import type { Channel } from "../config/project.ts";
import { labelOfReply } from "../phi/index.ts";
import { type Code, codeOf, type Content, type Receipt } from "../sdk/index.ts";
import type { XmlWriter } from "./encoding.ts";
import { answered } from "./answered.ts";
import { answerRefusal } from "./answer-guard.ts";
import { needsAgreement } from "./leave.ts";
import type { FlowPorts } from "./ports.ts";
import { publicId } from "./queued.ts";
import type { NotReceived, Received } from "./received.ts";
import { type AckId, type Answer, responded } from "./responded.ts";
import { responseAck } from "./response-ack.ts";
import type { Verdict } from "./verdict.ts";

/** Original mode, for formats and headers that ask for nothing else. */
const original: AcksDue = { mode: "original", accept: "NE", application: "AL" };

type Taken = "accepted" | "duplicate";

/** Control ids of acknowledgements: unique across restarts without a counter on disk. */
export class AckIds {
  readonly #prefix: string;
  readonly #clock: FlowPorts["clock"];
  #made = 0;
  #number = 0;

  constructor({ clock }: Pick<FlowPorts, "clock">) {
    this.#clock = clock;
    this.#prefix = clock.now().toString(36).toUpperCase();
  }

  /** The number is that of the tenth of a second, or the next one: it comes again after three years, as control numbers do. */
  next(): AckId {
    this.#number = Math.max(this.#number, Math.floor(this.#clock.now() / 100)) + 1;
    return { text: `${this.#prefix}${(++this.#made).toString(36).toUpperCase()}`, number: (this.#number % 999_999_999) + 1 };
  }
}

/**
 * What a source is told, with the acknowledgement where its format has one. In original mode that is one application acknowledgement. In
 * enhanced mode (HL7 v2 2.9.3) it is an accept acknowledgement (CA after the commit, CE or CR without one) as MSH-15 asks, then the
 * application's as MSH-16 asks; a message that asks for neither is answered by nothing. One message is answered under the revision it was received
 * under, whatever a reload brings meanwhile.
 */
export class Receipts {
  readonly #channel: Channel;
  readonly #ports: FlowPorts;
  readonly #ackIds: AckIds;
  /** The source speaks XML, and is answered in it. */
  readonly #xml: XmlWriter | undefined;

  constructor(channel: Channel, ports: FlowPorts, ackIds: AckIds, xml?: XmlWriter) {
    this.#xml = xml;
    this.#channel = channel;
    this.#ports = ports;
    this.#ackIds = ackIds;
  }

  /** It is not in the record. */
  refused(kind: "refused" | "unavailable", code: Code, message: Received | NotReceived): Receipt {
    const due = dueOf(message);
    const application = negative(kind, code);
    const problems = "code" in message ? message.problems : undefined;
    const found = problems === undefined ? {} : { problems };
    const answer: Answer = { code: application, error: code, ...found };
    const told = { kind, code, ...(problems === undefined ? {} : { problems: problems.map(({ severity: _, ...each }) => each) }) };
    if (due.mode === "original") return { ...told, ...this.#ack(message, answer) };
    // A commit that did not come about: CR for what the header alone rules out, CE for the rest.
    const accept: Answer = { code: code === "FLW-101" ? "CR" : "CE", error: code, ...found };
    return { ...told, ...(isDue(due, accept.code) ? this.#ack(message, accept) : this.#due(message, due, answer)) };
  }

  /** There is nothing to keep: the sender begins, or sends the last message again, and is told which number comes next. */
  known(message: Received | NotReceived): Receipt {
    return { kind: "duplicate", ...this.#due(message, dueOf(message), { code: "AA" }) };
  }

  /** It is in the record, and its answer waits for no more. */
  stored(kind: Taken, id: number, message: Received): Receipt {
    const due = dueOf(message);
    const receipt = { kind, id: publicId(id) };
    if (!isDue(due, "CA")) return { ...receipt, ...this.#due(message, due, { code: "AA" }) };
    const { ack } = this.#due(message, due, { code: "AA" });
    return { ...receipt, ...this.#ack(message, { code: "CA" }), ...(ack ? { applicationAck: Promise.resolve(ack) } : {}) };
  }

  /** It is in the record, and what its answer waits for is asked of `verdict`, once and only when the source wants to know. */
  async waited(kind: Taken, id: number, message: Received, verdict: () => Promise<Verdict>): Promise<Receipt> {
    const due = dueOf(message);
    if (due.application === "NE") return this.stored(kind, id, message);
    if (!isDue(due, "CA")) return this.#told(kind, id, message, await verdict());
    const applicationAck = verdict().then(async (said) => (await this.#told(kind, id, message, said)).ack);
    return { kind, id: publicId(id), ...this.#ack(message, { code: "CA" }), applicationAck };
  }

  async #told(kind: Taken, id: number, message: Received, verdict: Verdict): Promise<Receipt> {
    const known = { id: publicId(id) };
    const due = dueOf(message);
    if (verdict.kind === "unanswered") {
      this.#ports.events.unanswered(this.#channel.name, verdict.error);
      return { ...known, kind: "unanswered", code: verdict.error };
    }
    const answer: Answer = verdict.kind === "positive" ? { code: "AA" } : { code: verdict.code, error: verdict.error, condition: "207" };
    const said = this.#channel.source.respond ? verdict.response : undefined;
    const withheld = said && (await this.#withheld(id, message, said));
    if (withheld && verdict.kind === "positive") {
      return { ...known, kind: "refused", code: withheld, ...this.#due(message, due, { code: "AE", error: withheld, condition: "207" }) };
    }
    const response = withheld ? undefined : said;
    const own = response && isDue(due, answer.code) ? responseAck(message, response) : undefined;
    const given = { ...known, ...(own ? { ack: own } : this.#due(message, due, answer)), ...(response ? { response } : {}) };
    if (verdict.kind === "positive") return { ...given, kind };
    return { ...given, kind: verdict.again ? "unavailable" : "refused", code: verdict.error };
  }

  /** Why the partner's answer may not go to the source, which is a partner too: it may hold what was sent and what that partner's answers may hold. */
  async #withheld(id: number, message: Received, response: Content): Promise<Code | undefined> {
    const channel = this.#channel;
    const from = channel.destinations.find(({ name }) => name === channel.source.respond?.from);
    const partner = this.#ports.partner(channel.source.partner);
    if (!from || !partner) return "PHI-202";
    const { inbound } = partner.links;
    const back = { ...partner, links: inbound ? { outbound: inbound } : {} };
    const label = labelOfReply(channel, this.#ports.partner);
    if (!label) return "PHI-202";
    const { calendar, clock, boundary } = this.#ports;
    if (calendar && !calendar.isTrusted && needsAgreement(label)) return "PHI-217";
    const destination = { ...from, partner: partner.name, sends: label.level };
    const verdict = boundary.permits({ label, destination, partner: back, now: (calendar ?? clock).now(), isReply: true });
    if ("refusal" in verdict) {
      if (verdict.refusal.code === "PHI-203") calendar?.keep();
      return verdict.refusal.code;
    }
    const refusal = answerRefusal({ response, label, source: partner, destination, asked: message.text }, channel, boundary);
    if (refusal) return refusal.code;
    try {
      await answered({ id, text: message.text, response, source: partner, label, permit: verdict.permit }, channel, this.#ports);
      return undefined;
    } catch (error) {
      return codeOf(error, "FLW-105");
    }
  }

  #due(message: Received | NotReceived, due: AcksDue, answer: Answer): Pick<Receipt, "ack" | "unasked"> {
    return isDue(due, answer.code) ? this.#ack(message, answer) : { unasked: true };
  }

  #ack(message: Received | NotReceived, answer: Answer): Pick<Receipt, "ack" | "ackFormat"> {
    const { format } = this.#channel.source;
    const ack = responded(this.#channel, message, answer, this.#ports.clock, this.#ackIds.next(), this.#xml);
    return ack === undefined ? {} : { ack, ...(this.#xml ? { ackFormat: "xml" as const } : format !== "hl7v2" && { ackFormat: format }) };
  }
}

function dueOf(message: Received | NotReceived): AcksDue {
  if (!("code" in message)) return message.due ?? original;
  const header = message.text === undefined ? undefined : readHeader(message.text);
  return header ? acksDue(header) : original;
}

/** AR: not for this channel, or not now; the content has no part in it. AE: the sender should look at the message. */
function negative(kind: "refused" | "unavailable", code: Code): "AE" | "AR" {
  return kind === "unavailable" || notOurs.has(code) ? "AR" : "AE";
}

const notOurs: ReadonlySet<Code> = new Set<Code>(["FLW-101", "FLW-102", "FLW-107", "FLW-111"]);
