import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadProject } from "../../engine/cli/compose.ts";
import { systemClock } from "../../engine/runtime/clock.ts";
import type { Clock } from "../../engine/sdk/index.ts";
import { engineOnDisk, eventually, freePort, type OnDisk, sendMllp } from "./engine-on-disk.ts";
import { answer, MllpPartner } from "./mllp-partner.ts";
import { oru } from "./small-project.ts";
import { Stalls } from "./stalls.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Ways to the one partner whose agreement ends: a strict order, batches, a channel that is handed to, a fallback. */
const ways = ["strict", "together", "handed", "spare"] as const;
type Way = (typeof ways)[number];

/** Days are those of a zone five hours behind UTC all year, so that this file needs no calendar but arithmetic. */
const zone = "Etc/GMT+5";
const offsetMs = 5 * hour;
export const dayOf = (at: number) => new Date(at - offsetMs).toISOString().slice(0, 10);
export const endOf = (date: string) => Date.parse(`${date}T00:00:00Z`) + day + offsetMs;

/** What left when it should not have, in words. */
export type Violation = `${Way}: ${string}`;

/**
 * The engine with its real sockets, store and lanes, on a clock that a schedule moves, and partners that look at that clock whenever something arrives. What
 * was on its way when the day ended, or the clock or the registry changed, has a tenth of a second to arrive, and what this thread stood still meanwhile.
 */
export class Schedule {
  readonly violations: Violation[] = [];
  readonly arrived: Record<Way, string[]> = { strict: [], together: [], handed: [], spare: [] };
  readonly sent: string[] = [];
  expires = "2026-06-03";
  /** The latest that the engine has judged by. */
  highest = 0;
  #skewMs = Date.parse("2026-06-01T12:00:00Z") - Date.now();
  #settledAt = 0;
  readonly #stalls = new Stalls();
  readonly #partners: MllpPartner[] = [];
  #ports: Record<Way | "source" | "flaky", number> = { source: 0, flaky: 0, strict: 0, together: 0, handed: 0, spare: 0 };
  #disk: OnDisk | undefined;

  async start(): Promise<void> {
    for (const name of ["source", "flaky", ...ways] as const) this.#ports = { ...this.#ports, [name]: await freePort() };
    for (const way of ways) await this.#listen(this.#ports[way], (body) => this.#judge(way, body));
    await this.#listen(this.#ports.flaky, () => undefined, "AR");
    const clock: Clock = { ...systemClock, now: () => this.now };
    this.#disk = await engineOnDisk({ "sluice.yaml": "name: ends\nowner: north\n", "partners.yaml": this.#partnersYaml(), "results.yaml": this.#resultsYaml(), "archive.yaml": archiveYaml }, { clock });
  }

  async close(): Promise<void> {
    this.#stalls.close();
    for (const partner of this.#partners) await partner.close();
    await this.#disk?.close();
  }

  get now(): number {
    return Date.now() + this.#skewMs;
  }

  get #engine() {
    return (this.#disk as OnDisk).engine;
  }

  lane(name: string) {
    return this.#engine.operations.status().lanes.find(({ lane }) => lane === name);
  }

  /** Accepted whatever the agreement is. */
  async send(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const id = String(this.sent.length + 1).padStart(5, "0");
      const ack = await sendMllp(this.#ports.source, oru(id));
      if (!ack.includes("MSA|AA|")) throw new Error(`not accepted: ${ack}`);
      this.sent.push(id);
    }
  }

  /** Sets the clock, in the middle of whatever is going on. */
  step(ms: number): void {
    this.#skewMs += ms;
    this.#settledAt = performance.now();
  }

  /** To an instant, if that is ahead. */
  reach(at: number): void {
    if (at > this.now) this.step(at - this.now);
  }

  /** Until the engine has judged something by the clock as it is now. */
  async judged(): Promise<void> {
    const [before, asked] = [this.arrived.strict.length, this.now];
    await this.send(1);
    await eventually(() => this.arrived.strict.length > before || this.lane("results/strict")?.status.kind === "suspended");
    this.highest = Math.max(this.highest, asked);
  }

  async registered(expires: string): Promise<void> {
    // Until the engine has read it, what leaves goes by what was registered before.
    this.#settledAt = Number.POSITIVE_INFINITY;
    this.expires = expires;
    const { root } = this.#disk as OnDisk;
    writeFileSync(join(root, "partners.yaml"), this.#partnersYaml());
    await this.#engine.reload(await loadProject(root));
    this.#settledAt = performance.now();
  }

  async restart(): Promise<void> {
    await (this.#disk as OnDisk).restart();
  }

  replay(): void {
    const ids = [1, this.sent.length];
    this.#engine.operations.jobs.start({ kind: "replay", selection: { channel: "results", ids }, to: ["results/strict", "results/spare"], reason: "asked for again" });
  }

  retry(): void {
    for (const { lane, id } of this.#engine.operations.dead({ limit: 5 })) void this.#engine.operations.retry(lane, id).catch(() => undefined);
    this.#engine.operations.lanes.retryNow(["results/strict", "results/together", "archive/kept"]);
  }

  /** Everything that was sent has arrived, by every way. */
  async whole(): Promise<void> {
    await eventually(() => ways.every((way) => this.sent.every((id) => this.arrived[way].includes(id))), 60_000);
  }

  /** First arrivals, in the order they came. */
  firsts(way: Way): readonly string[] {
    return [...new Set(this.arrived[way])];
  }

  get gap(): number {
    return this.#engine.operations.status().conservationGap;
  }

  #judge(way: Way, body: string): void {
    this.arrived[way].push(...body.split("\r").filter((line) => line.startsWith("MSH")).map((line) => line.split("|")[9] ?? ""));
    const onTheWay = 100 + this.#stalls.since(performance.now() - 2000);
    if (performance.now() - this.#settledAt < onTheWay) return;
    // It left at this moment or later.
    const now = this.now - onTheWay;
    if (now >= endOf(this.expires)) this.violations.push(`${way}: after the end, by the clock`);
    if (this.highest >= endOf(this.expires)) this.violations.push(`${way}: after an end that the engine had seen`);
    if (this.highest - now > 5 * minute + 1000) this.violations.push(`${way}: by a clock that was set back`);
    this.highest = Math.max(this.highest, now);
  }

  async #listen(port: number, look: (body: string) => void, code = "AA"): Promise<void> {
    const partner = new MllpPartner();
    partner.move = (_, body) => {
      look(body);
      const [head = ""] = body.split("\r");
      return answer(code, head.split("|")[head.startsWith("FHS") ? 10 : 9] ?? "");
    };
    await partner.listen(port);
    this.#partners.push(partner);
  }

  #partnersYaml(): string {
    const link = (direction: string) => `links: { ${direction}: { auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: allowed } }`;
    const agreement = (id: string, expires: string) =>
      `agreements: [{ id: ${id}, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2026-01-01, expires: ${expires}, timezone: ${zone} }]`;
    const endpoint = (id: string, port: number) => `{ id: ${id}, url: "mllp://127.0.0.1:${port}" }`;
    return `partners:
  lab: { kind: lab, ${link("inbound")} }
  flaky: { kind: provider, endpoints: [${endpoint("main", this.#ports.flaky)}], ${agreement("FLAKY", "2099-12-31")}, ${link("outbound")} }
  ward: { kind: provider, endpoints: [${ways.map((way) => endpoint(way, this.#ports[way])).join(", ")}], ${agreement("WARD", this.expires)}, ${link("outbound")} }
`;
  }

  #resultsYaml(): string {
    const way = (name: Way, more = "") => `{ partner: ward, purpose: TREAT, mllp: { endpoint: ${name}, timeout: 2s }, retry: { attempts: 0, initial: 10ms, max: 50ms }${more} }`;
    return `channel: results
classification: phi
source: { partner: lab, mllp: { port: ${this.#ports.source} } }
destinations:
  strict: ${way("strict")}
  together: ${way("together", ", batch: { max: 3, within: 100ms }")}
  next: { partner: self, channel: { to: archive } }
  flaky: { partner: flaky, purpose: TREAT, fallback: spare, mllp: { timeout: 2s }, retry: { attempts: 1 } }
  spare: ${way("spare")}
`;
  }
}

const archiveYaml = `channel: archive
classification: phi
source: { partner: self, channel: {}, format: hl7v2 }
destinations:
  kept: { partner: ward, purpose: TREAT, mllp: { endpoint: handed, timeout: 2s }, retry: { attempts: 0, initial: 10ms, max: 50ms } }
`;
