import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Channel } from "../config/project.ts";
import { createBoundary } from "../phi/index.ts";
import { Lane } from "../queue/lane.ts";
import { EngineError, type Outcome, type Random, type Receipt } from "../sdk/index.ts";
import { type FakeClock, fakeClock, seededRandom, temporaryStore } from "../store/testing.ts";
import { bytes, channel, destination, message, partner } from "./flow.fixture.ts";
import { ChannelFlow } from "./flow.ts";
import type { Exit, FlowPorts, LaneDoor } from "./ports.ts";
import { laneOf } from "./stored.ts";

/** The record, the lanes and the flow as they are in the engine; partners, time and crashes by seed. */
const names = ["a", "b", "c"] as const;
const sending = { retry: { attempts: 0, initialMs: 50, maxMs: 400, maxAgeMs: 0 } };
const own: Channel = channel({
  source: { ...channel().source, ack: "delivered", withinMs: 1000 },
  destinations: [
    destination({ name: "a", ...sending }),
    destination({ name: "b", ...sending, retry: { ...sending.retry, attempts: 3 }, fallback: "c" }),
    destination({ name: "c", ...sending }),
  ],
});

type Weather = "calm" | "mixed" | "away";

class World {
  readonly clock: FakeClock = fakeClock();
  readonly random: Random;
  readonly dir = mkdtempSync(join(tmpdir(), "sluice-answers-"));
  /** `destination id` of what a partner has. */
  readonly arrived = new Set<string>();
  weather: Weather = "mixed";
  /** The record cannot be read at the moment. */
  isUnreadable = false;
  #made!: Awaited<ReturnType<typeof temporaryStore>>;
  #lanes: Lane[] = [];
  #life = { alive: false };
  flow!: ChannelFlow;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  get store() {
    return this.#made.store;
  }

  async start(): Promise<void> {
    this.#made = await temporaryStore({ dir: this.dir, clock: this.clock, random: seededRandom(Math.floor(this.random.next() * 1e9)) });
    const life = { alive: true };
    this.#life = life;
    // What a dead process asks for is never answered.
    const store = new Proxy(this.store, {
      get: (target, key) => {
        const value = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        if (key === "list" && this.isUnreadable) return () => { throw new EngineError("STO-205"); };
        return (...args: unknown[]) => (life.alive ? value.apply(target, args) : new Promise(() => {}));
      },
    });
    const clock = { ...this.clock, after: (ms: number, run: () => void) => this.clock.after(ms, () => life.alive && run()) };
    const ports: FlowPorts = {
      clock, random: this.random, store, boundary: createBoundary(), sandbox: {} as FlowPorts["sandbox"],
      opaqueId: (scope, id) => `${scope}:${id}`,
      partner: (name) => partner(name),
      revision: async () => undefined,
      events: { accepted() {}, duplicate() {}, nonconforming() {}, notAccepted() {}, sameIdOtherBytes() {}, settled() {}, unanswered() {} },
    };
    const exits = new Map<string, Exit>();
    const doors = new Map<string, LaneDoor>();
    const flow = new ChannelFlow(own, exits, doors, ports);
    const lanes = new Map<string, Lane>();
    for (const spec of own.destinations) {
      const name = laneOf(own.name, spec.name);
      const fallback = spec.fallback === undefined ? undefined : laneOf(own.name, spec.fallback);
      exits.set(spec.name, {
        spec,
        connector: { render: ({ content }) => ({ endpoint: "feed", body: content.bytes }), send: async () => ({ kind: "delivered" }), close: async () => {} },
        send: ({ envelope }) => this.#partner(spec.name, Buffer.from(envelope.body).toString(), life),
      });
      const lane = new Lane({
        name, store, policy: spec.retry, clock, random: this.random, work: flow.lane(spec.name), window: { entries: 4, bytes: 1e6 },
        ...(fallback === undefined ? {} : { fallback }),
        onSettled: (_, entry, state, code) => {
          flow.settled(entry, state, code);
          if (fallback !== undefined && (state === "dead" || state === "rejected")) lanes.get(fallback)?.ring();
        },
      });
      lanes.set(name, lane);
      doors.set(name, { push: (entry) => lane.push(entry), ring: () => lane.ring(), stuck: () => lane.status.kind === "retrying", withdraw: (id, change) => lane.withdraw(id, change) });
      lane.start();
    }
    this.#lanes = [...lanes.values()];
    this.flow = flow;
  }

  /** Nothing of the process goes on; what was asked of the disk may have reached it. */
  async crash(): Promise<void> {
    this.#life.alive = false;
    await this.store.close();
    await this.start();
  }

  async end(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
    await this.#made.remove();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async #partner(name: string, text: string, life: { readonly alive: boolean }): Promise<Outcome> {
    const id = text.split("|")[9] ?? "";
    const draw = this.random.next();
    const slow = this.weather === "mixed" && this.random.next() < 0.3 ? Math.floor(this.random.next() * 2500) : 0;
    if (slow > 0) await new Promise<void>((resolve) => this.clock.after(slow, resolve));
    if (!life.alive) return { kind: "unknown", code: "FLW-302" };
    if (this.weather === "away" || (this.weather === "mixed" && draw < 0.35)) return { kind: "retry", code: "FLW-313" };
    if (this.weather === "mixed" && draw < 0.42) return { kind: "unknown", code: "MLP-202" };
    if (this.weather === "mixed" && draw < 0.5) return { kind: "rejected", code: "FLW-312" };
    this.arrived.add(`${name} ${id}`);
    // It has it, and the answer is lost.
    return this.weather === "mixed" && draw < 0.6 ? { kind: "unknown", code: "MLP-201" } : { kind: "delivered" };
  }
}

async function turns(count = 6): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** One message and its sender, which repeats what was not answered, and what was answered "not now" unless it gives up. */
interface Sender {
  readonly id: string;
  waiting: boolean;
  said: string | undefined;
  gaveUp: boolean;
}

function check(world: World, sender: Sender, receipt: Receipt): void {
  const ack = /\rMSA\|(..)\|/.exec(Buffer.from(receipt.ack ?? []).toString("latin1"))?.[1];
  const states = new Map(world.store.message(Number(receipt.id?.slice(1)))?.entries.map(({ lane, state }) => [lane.slice(-1), state]));
  const b = states.get("b") === "dead" || states.get("b") === "rejected" ? (states.get("c") ?? states.get("b")) : states.get("b");
  const got = `${sender.id} ${receipt.kind} ${ack ?? ""} ${receipt.code ?? ""}`;
  if (receipt.kind === "accepted" || receipt.kind === "duplicate") {
    expect([got, states.get("a"), b]).toEqual([got, "delivered", "delivered"]);
    expect([got, ack]).toEqual([got, "AA"]);
    expect(world.arrived.has(`a ${sender.id}`)).toBe(true);
  } else if (receipt.kind === "unavailable") {
    expect([got, ack, receipt.code]).toEqual([got, "AR", "FLW-303"]);
    expect([got, names.filter((name) => world.arrived.has(`${name} ${sender.id}`))]).toEqual([got, []]);
  } else if (receipt.kind === "refused") {
    expect([got, ack, ["dead", "rejected"].some((state) => [states.get("a"), b].includes(state as never))]).toEqual([got, "AE", true]);
  } else {
    expect([got, ack]).toEqual([got, undefined]);
  }
}

test.each(Array.from({ length: 12 }, (_, seed) => seed + 1))("answers are true and nothing is lost, whatever partners do and whenever it crashes: seed %i", async (seed) => {
  const world = new World(seed);
  await world.start();
  const senders: Sender[] = [];
  const ask = (sender: Sender) => {
    const { flow } = world;
    sender.waiting = true;
    void flow.receive(bytes(message(sender.id))).then((receipt) => {
      // The connection of a sender ends with the process.
      if (flow !== world.flow) return;
      sender.waiting = false;
      check(world, sender, receipt);
      if (receipt.kind === "unanswered") return;
      const final = receipt.kind !== "unavailable";
      if (final && sender.said !== undefined) expect([sender.id, receipt.kind === "refused"]).toEqual([sender.id, sender.said === "refused"]);
      if (final) sender.said = receipt.kind === "refused" ? "refused" : "taken";
      else if (world.random.next() < 0.3) sender.gaveUp = true;
    }).catch((error: unknown) => {
      failure ??= error;
    });
  };
  let failure: unknown;
  const step = async (ms: number) => {
    await turns();
    world.clock.advance(ms);
    await turns();
    if (failure) throw failure;
  };
  for (let i = 0; i < 60; i++) {
    const draw = world.random.next();
    if (draw < 0.25 && senders.length < 10) {
      senders.push({ id: `S${seed}N${senders.length}`, waiting: false, said: undefined, gaveUp: false });
      ask(senders.at(-1) as Sender);
    } else if (draw < 0.5) {
      // Also who waits already, or has its answer, may ask again: a second connection, a lost acknowledgement.
      const sender = senders[Math.floor(world.random.next() * senders.length)];
      if (sender && !sender.gaveUp) ask(sender);
    } else if (draw < 0.56) {
      await turns();
      await world.crash();
      for (const sender of senders) sender.waiting = false;
    } else if (draw < 0.62) world.weather = (["calm", "mixed", "away"] as const)[Math.floor(world.random.next() * 3)] ?? "mixed";
    await step(Math.floor(world.random.next() * 600));
  }
  world.weather = "calm";
  for (let i = 0; i < 200 && senders.some((sender) => !sender.gaveUp && sender.said === undefined); i++) {
    for (const sender of senders) if (!sender.waiting && !sender.gaveUp && sender.said === undefined) ask(sender);
    await step(100);
  }
  for (let i = 0; i < 20; i++) await step(500);
  expect(senders.filter((sender) => !sender.gaveUp && sender.said === undefined)).toEqual([]);
  for (const { lane, waiting, held, received, ends } of world.store.counts()) {
    expect([lane, waiting, held]).toEqual([lane, 0, 0]);
    expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(received);
  }
  // Who was told "not now" and gave up was told the truth to the end.
  for (const { id, gaveUp, said } of senders) if (gaveUp && said === undefined) expect(names.filter((name) => world.arrived.has(`${name} ${id}`))).toEqual([]);
  await world.end();
});

test("of a message whose entries cannot be read nothing is said; and it gets its answer once they can", async () => {
  const world = new World(1);
  world.weather = "calm";
  await world.start();
  const asked = async (): Promise<Receipt> => {
    let receipt: Receipt | undefined;
    void world.flow.receive(bytes(message("C1"))).then((given) => {
      receipt = given;
    });
    for (let i = 0; i < 40 && receipt === undefined; i++) {
      await turns();
      world.clock.advance(100);
    }
    if (!receipt) throw new Error("no receipt");
    return receipt;
  };
  expect((await asked()).kind).toBe("accepted");
  await world.crash();
  world.isUnreadable = true;
  expect(await asked()).toMatchObject({ kind: "unanswered", code: "FLW-305" });
  world.isUnreadable = false;
  expect((await asked()).kind).toBe("duplicate");
  await world.end();
});
