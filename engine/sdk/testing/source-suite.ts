import { describe, expect, test } from "vitest";
import type { Receipt, Source, SourceDefinition } from "../index.ts";
import { canary, canaryIn } from "./canary.ts";
import { settled } from "./manual-clock.ts";
import { completeOptions } from "./options.ts";
import { SourceHost } from "./source-host.ts";

/** A sender that speaks the connector's protocol to a source host. */
export interface Sender {
  send(message: Uint8Array): void;
  /** What came back, oldest first: whether each answer lets the sender forget its message. */
  answers(): readonly ("positive" | "negative")[];
  /** Whatever bytes came back, for the canary. */
  heard(): unknown;
  /** The sender is gone, without goodbye. */
  vanish(): void;
}

export interface SourceFixture {
  readonly options: Readonly<Record<string, unknown>>;
  /** A message of the source's format with this text inside. */
  message(text: string): Uint8Array;
  connect(host: SourceHost): Sender;
  /** Puts the partner at the other end of what the source opens. */
  prepare?(host: SourceHost): void;
  /** The acknowledgement the engine would build, for formats that have one. */
  ack?(kind: "positive" | "negative"): Uint8Array;
  /** Input that is no message of the protocol. */
  readonly garbage?: Uint8Array;
  /** Ports, routes and folders that it opens; default 1. */
  readonly opens?: number;
  /** For sources that fetch: gives them the time to look. They keep what they read from open until its messages have their receipts. */
  fetches?(host: SourceHost): Promise<void>;
}

export function sourceSuite(definition: SourceDefinition, fixture: SourceFixture): void {
  const receipt = (kind: Receipt["kind"]): Receipt => {
    const ack = fixture.ack?.(kind === "accepted" || kind === "duplicate" ? "positive" : "negative");
    return { kind, id: "m1", ...(kind === "refused" || kind === "unavailable" ? { code: "FLW-101" } : {}), ...(ack ? { ack } : {}) };
  };
  const { opens = 1 } = fixture;
  const create = (): Source => definition.create(completeOptions(definition.options, fixture.options));
  const settle = (host: SourceHost): Promise<void> => fixture.fetches?.(host) ?? settled();
  const started = async () => {
    const host = new SourceHost();
    fixture.prepare?.(host);
    host.verdict = async () => receipt("accepted");
    const source = create();
    await source.start(host.context);
    // What it begins by itself has begun.
    await settled();
    return { host, source };
  };

  describe("source", () => {
    test("construction has no effects; start opens, stop closes, and it starts again", async () => {
      const host = new SourceHost();
      fixture.prepare?.(host);
      const source = create();
      expect(host.opened).toBe(0);
      for (const round of [1, 2]) {
        await source.start(host.context);
        await settle(host);
        expect([host.opened, host.open]).toEqual([round * opens, opens]);
        await source.stop();
        expect([host.open, host.clock.pending]).toEqual([0, 0]);
      }
    });

    test("a positive answer leaves only after the receipt", async () => {
      const { host, source } = await started();
      const gate = Promise.withResolvers<Receipt>();
      host.verdict = () => gate.promise;
      const sender = fixture.connect(host);
      sender.send(fixture.message("one"));
      if (fixture.fetches) await fixture.fetches(host);
      else await host.clock.advance(5000);
      expect([host.received.length, sender.answers().length]).toEqual([1, 0]);
      gate.resolve(receipt("accepted"));
      await settle(host);
      expect(sender.answers()).toEqual(["positive"]);
      await source.stop();
    });

    test("a sender lost before the receipt or after it loses no message: it repeats, and is answered", async () => {
      const { host, source } = await started();
      for (const order of ["before the receipt", "after the receipt"]) {
        const gate = Promise.withResolvers<Receipt>();
        host.verdict = () => gate.promise;
        const lost = fixture.connect(host);
        lost.send(fixture.message(order));
        await settle(host);
        if (order === "before the receipt") lost.vanish();
        gate.resolve(receipt("accepted"));
        if (order === "after the receipt") lost.vanish();
        await settle(host);
        host.verdict = async () => receipt("duplicate");
        const again = fixture.connect(host);
        again.send(fixture.message(order));
        await settle(host);
        expect(again.answers()).toEqual(["positive"]);
      }
      expect(host.received.length).toBe(4);
      await source.stop();
    });

    test("what the engine refuses is answered no, and the next is served", async () => {
      const { host, source } = await started();
      const sender = fixture.connect(host);
      host.verdict = async (_, index) => receipt(index === 0 ? "refused" : "accepted");
      sender.send(fixture.message("bad"));
      await settle(host);
      sender.send(fixture.message("good"));
      await settle(host);
      expect(sender.answers()).toEqual(["negative", "positive"]);
      await source.stop();
    });

    test("while the engine cannot keep its promise nobody gets a positive answer; afterwards they do", async () => {
      const { host, source } = await started();
      host.verdict = async () => receipt("unavailable");
      const sender = fixture.connect(host);
      sender.send(fixture.message("now"));
      await settle(host);
      expect(sender.answers()).not.toContain("positive");
      host.verdict = async () => receipt("accepted");
      const again = fixture.connect(host);
      again.send(fixture.message("later"));
      await settle(host);
      expect(again.answers()).toEqual(["positive"]);
      await source.stop();
    });

    test("order of one sender is kept, however long each takes", async () => {
      const { host, source } = await started();
      host.verdict = async (_, index) => {
        for (let i = 0; i < (index * 7) % 5; i++) await Promise.resolve();
        return receipt("accepted");
      };
      const sender = fixture.connect(host);
      const messages = Array.from({ length: 25 }, (_, n) => fixture.message(`number ${n}`));
      for (const message of messages) sender.send(message);
      for (let i = 0; i < 30; i++) await settle(host);
      expect(host.received.map(text)).toEqual(messages.map(text));
      expect(sender.answers()).toEqual(messages.map(() => "positive"));
      await source.stop();
    });

    test("stop waits for what is being received, and that is answered", async () => {
      const { host, source } = await started();
      const gate = Promise.withResolvers<Receipt>();
      host.verdict = () => gate.promise;
      const sender = fixture.connect(host);
      sender.send(fixture.message("last"));
      await settle(host);
      let stopped = false;
      const stopping = source.stop().then(() => {
        stopped = true;
      });
      await settle(host);
      expect([stopped, host.open]).toEqual([false, fixture.fetches ? opens : 0]);
      gate.resolve(receipt("accepted"));
      await stopping;
      expect(host.open).toBe(0);
      await settle(host);
      expect(sender.answers()).toEqual(["positive"]);
    });

    test("no identifier comes out in a problem or an answer", async () => {
      const { host, source } = await started();
      for (const kind of ["accepted", "refused", "unavailable", "duplicate"] as const) {
        host.verdict = async () => receipt(kind);
        const sender = fixture.connect(host);
        sender.send(fixture.message(canary));
        if (fixture.garbage && !fixture.fetches) sender.send(concat(fixture.garbage, new TextEncoder().encode(canary)));
        await settle(host);
        expect(canaryIn(sender.heard())).toBeUndefined();
      }
      expect(canaryIn(host.received)).toBeDefined();
      await host.clock.advance(3_600_000);
      // An address, a header or a name of what it asks carries none; what the body may hold is the guard's to say.
      expect(canaryIn([host.problems, [...host.checkpoints], host.asked.map(({ body: _, link: _l, ...head }) => head)])).toBeUndefined();
      await source.stop();
    });
  });
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
