import type { Project } from "../../config/project.ts";
import { type Grant, longestGrant, neverReached } from "../../phi/break-glass.ts";
import { type Clock, EngineError } from "../../sdk/index.ts";
import type { Events } from "../events.ts";
import { type Case, CaseFiles } from "./case-file.ts";
import { checkedRequest, checkedWord, hashOf, isSignedBy, type Request, type Signed, type Word } from "./documents.ts";
import { reviewDue } from "./review-due.ts";
import { named } from "../safe-field.ts";

export interface DeskParts {
  readonly data: string;
  readonly clock: Clock;
  readonly events: Pick<Events, "log">;
  readonly project: () => Project;
  /** The lane tries its head at once. */
  readonly wake: (lane: string) => void;
}

/** One emergency access as operators see it. */
export interface CaseView {
  readonly id: string;
  readonly lane: string;
  readonly state: "requested" | "active" | "over";
  readonly requestedBy: string;
  readonly approvedBy?: string;
  readonly reason: Request["reason"];
  readonly ticket: string;
  readonly until?: string;
  readonly used: number;
  readonly messages: number;
  readonly review: "none" | "due" | "overdue" | "done";
}

const eventOf = { approval: "break-glass-approval", end: "break-glass-end", review: "break-glass-review" } as const;

/** How old a signed document may be when it comes, and how far ahead its clock. */
const freshMs = 15 * 60_000;
const aheadMs = 60_000;

/**
 * Emergency access (phi.md 1.14): two people with keys of their own, one destination, four hours at most, so many messages. What they signed is
 * kept as they signed it, and read again at each start: a file that says more than its signatures grants nothing.
 */
export class BreakGlass {
  readonly #parts: DeskParts;
  readonly #files: CaseFiles;
  readonly #cases: Map<string, Case>;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#files = new CaseFiles(parts.data);
    this.#cases = this.#files.read();
  }

  /** Keeps a request; nothing is open yet. */
  request(given: Signed<unknown>): CaseView {
    const document = checkedRequest(given.document);
    const person = this.#signer(document.by, given);
    this.#fresh(document.at);
    if (this.#cases.has(document.id)) throw new EngineError("RUN-242", { id: document.id });
    const { partner, spec } = this.#destination(document.lane);
    if (partner.name !== document.partner || (spec.purpose ?? "") !== document.purpose) throw new EngineError("RUN-240", { field: "partner" });
    if (!partner.breakGlass || neverReached.includes(partner.kind)) throw new EngineError("RUN-243", { lane: document.lane });
    this.#mayDecide(person.wrote, document.lane);
    this.#keep(document.id, { request: { document, signature: given.signature }, words: [], used: 0 });
    this.#parts.events.log("break-glass-requested", { id: document.id, lane: named(document.lane), by: named(document.by), reason: document.reason });
    return this.#view(document.id);
  }

  /** A second person's word, or the end of it, or the review afterwards. */
  say(id: string, given: Signed<unknown>): CaseView {
    const known = this.#cases.get(id);
    if (!known) throw new EngineError("RUN-244", { id });
    const word = checkedWord(given.document);
    const person = this.#signer(word.by, given);
    const { document } = known.request;
    if (word.of !== hashOf(document)) throw new EngineError("RUN-240", { field: "of" });
    this.#fresh(word.at);
    const said = (kind: Word["kind"]) => known.words.some((each) => each.document.kind === kind);
    if (said(word.kind)) throw new EngineError("RUN-242", { id });
    if (word.kind !== "end" && (word.by === document.by || person.key === this.#person(document.by)?.key)) throw new EngineError("RUN-245", { id });
    if (word.kind === "approval") {
      if (said("end") || this.#parts.clock.now() - Date.parse(document.at) > longestGrant) throw new EngineError("RUN-246", { id });
      this.#mayDecide(person.wrote, document.lane);
    }
    if (word.kind === "review" && this.#view(id).state !== "over") throw new EngineError("RUN-246", { id });
    this.#keep(id, { ...known, words: [...known.words, { document: word, signature: given.signature }] });
    this.#parts.events.log(eventOf[word.kind], { id, lane: named(document.lane), by: named(word.by) });
    if (word.kind === "approval") this.#parts.wake(document.lane);
    return this.#view(id);
  }

  /** The request as it was signed: who approves it signs its hash, and should read what it says. */
  asked(id: string): Request {
    const known = this.#cases.get(id);
    if (!known) throw new EngineError("RUN-244", { id });
    return known.request.document;
  }

  /** What a request for a lane must name: who gets it, and for what. */
  about(lane: string): Pick<Request, "partner" | "purpose"> {
    const { partner, spec } = this.#destination(lane);
    return { partner: partner.name, purpose: spec.purpose ?? "" };
  }

  list(): readonly CaseView[] {
    return [...this.#cases.keys()].map((id) => this.#view(id)).toSorted((a, b) => (a.id < b.id ? 1 : -1));
  }

  /** The grant that stands for a lane at this moment, if two people's signatures still hold and messages are left. */
  grant(lane: string): Grant | undefined {
    if (this.#cases.size === 0) return undefined;
    for (const [id, each] of this.#cases) {
      if (each.request.document.lane !== lane) continue;
      const grant = this.#grantOf(id, each);
      if (grant && each.used < grant.messages && this.#parts.clock.now() < grant.until) return grant;
    }
    return undefined;
  }

  /** Counts messages, on disk, before they leave; false when fewer are left, and then none is counted. */
  spend(id: string, messages: number): boolean {
    const known = this.#cases.get(id);
    if (!known || known.used + messages > known.request.document.messages) return false;
    this.#keep(id, { ...known, used: known.used + messages });
    this.#parts.events.log("break-glass-used", { id, lane: named(known.request.document.lane), used: known.used + messages });
    return true;
  }

  #grantOf(id: string, { request, words }: Case): Grant | undefined {
    const { document } = request;
    const approval = words.find((each) => each.document.kind === "approval");
    if (!approval || words.some((each) => each.document.kind === "end")) return undefined;
    const [asker, approver] = [this.#person(document.by), this.#person(approval.document.by)];
    if (!asker || !approver || asker.key === approver.key || asker.name === approver.name) return undefined;
    if (!isSignedBy(request, asker.key) || !isSignedBy(approval, approver.key) || approval.document.of !== hashOf(document)) return undefined;
    const destination = this.#find(document.lane);
    // What was signed is for one partner and one purpose; a destination that was edited since is another.
    if (!destination || destination.partner.name !== document.partner || (destination.spec.purpose ?? "") !== document.purpose) return undefined;
    const from = Date.parse(approval.document.at);
    return {
      id, lane: document.lane, partner: destination.partner.name, lifts: document.lifts, compartments: document.compartments, from,
      until: from + Math.min(longestGrant, document.minutes * 60_000), messages: document.messages,
    };
  }

  #view(id: string): CaseView {
    const each = this.#cases.get(id) as Case;
    const { document } = each.request;
    const of = (kind: Word["kind"]) => each.words.find((word) => word.document.kind === kind)?.document;
    const approval = of("approval");
    const grant = this.#grantOf(id, each);
    const now = this.#parts.clock.now();
    const isActive = grant !== undefined && now < grant.until && each.used < grant.messages;
    const until = approval && Date.parse(approval.at) + document.minutes * 60_000;
    const over = approval ? !isActive : of("end") !== undefined || now - Date.parse(document.at) > longestGrant;
    const ended = Math.min(until ?? now, Date.parse(of("end")?.at ?? "9999-01-01"));
    const review = of("review") ? "done" : !approval || !over ? "none" : now > reviewDue(ended) ? "overdue" : "due";
    return {
      id, lane: document.lane, state: isActive ? "active" : over ? "over" : "requested", requestedBy: document.by, reason: document.reason, ticket: document.ticket,
      ...(approval && { approvedBy: approval.by }), ...(until !== undefined && { until: new Date(until).toISOString() }), used: each.used, messages: document.messages, review,
    };
  }

  #keep(id: string, what: Case): void {
    this.#files.write(id, what);
    this.#cases.set(id, what);
  }

  #person(name: string) {
    return this.#parts.project().settings.people.find((each) => each.name === name);
  }

  #signer(name: string, document: Signed<unknown>) {
    const person = this.#person(name);
    if (!person || !isSignedBy(document, person.key)) throw new EngineError("RUN-247");
    return person;
  }

  /** Who wrote a channel does not decide about it. */
  #mayDecide(wrote: readonly string[], lane: string): void {
    if (wrote.includes(lane.slice(0, lane.indexOf("/")))) throw new EngineError("RUN-245", { lane });
  }

  #fresh(at: string): void {
    const age = this.#parts.clock.now() - Date.parse(at);
    if (age > freshMs || age < -aheadMs) throw new EngineError("RUN-240", { field: "at" });
  }

  #find(lane: string) {
    const [channel = "", name = ""] = lane.split("/");
    const project = this.#parts.project();
    const spec = project.channels.find((each) => each.name === channel)?.destinations.find((each) => each.name === name);
    const partner = spec && project.partners.get(spec.partner);
    return partner && { spec, partner };
  }

  #destination(lane: string) {
    const found = this.#find(lane);
    if (!found) throw new EngineError("RUN-201", { lane });
    return found;
  }
}
