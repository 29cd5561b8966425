import { describe, expect, test } from "vitest";
import type { Destination, DestinationDefinition, Format, OutboundMessage, Outcome } from "../index.ts";
import { canary, canaryIn } from "./canary.ts";
import { settled } from "./manual-clock.ts";
import { completeOptions } from "./options.ts";
import { type AckReader, PartnerHost, type PartnerMove, releaseInMemory } from "./partner-host.ts";

type Answer = (body: Uint8Array) => PartnerMove;

export interface DestinationFixture {
  readonly options: Readonly<Record<string, unknown>>;
  readonly format: Format;
  /** Content with this id and text inside. */
  content(id: string, text: string): Uint8Array;
  /** What stands on the wire of such content, where it is not the content itself. */
  wire?(content: Uint8Array): Uint8Array;
  readonly reader?: AckReader;
  readonly accepts: Answer;
  readonly rejects: Answer;
  readonly garbage?: Answer;
  /** The partner asks to try later. */
  readonly busy?: Answer;
  /** For what is spoken by a library over a stream, or goes into a database: puts the partner at the other end. */
  prepare?(host: PartnerHost): void;
  /** What it reaches is of this machine and answers always (a disk, another channel): nothing is awaited for a time, and no answer is in doubt. */
  readonly isLocal?: boolean;
  /** It answers within the call, so that nothing can stop it meanwhile (a database file). */
  readonly answersAtOnce?: boolean;
  /** A well-formed acceptance of another message, where answers carry an id. */
  readonly wrongId?: Answer;
}

const anHour = 3_600_000;

const pause = (ms: number) => new Promise<false>((resolve) => setTimeout(() => resolve(false), ms));

export function destinationSuite(definition: DestinationDefinition, fixture: DestinationFixture): void {
  const create = (): Destination => definition.create(completeOptions(definition.options, fixture.options));
  const onWire = fixture.wire ?? ((content: Uint8Array) => content);
  const message = (id: string, text: string = canary): OutboundMessage => ({
    id,
    channel: "conformance",
    destination: "partner",
    sequence: Number(id.slice(1)),
    receivedAt: 1_700_000_000_000,
    content: { format: fixture.format, bytes: fixture.content(id, text) },
  });
  const setUp = (move: Answer) => {
    const host = new PartnerHost(fixture.reader);
    fixture.prepare?.(host);
    host.move = move;
    return { host, destination: create() };
  };
  const send = (destination: Destination, host: PartnerHost, id = "m1", signal?: AbortSignal, attempt = 1) =>
    destination.send(releaseInMemory(destination.render(message(id))), host.context(attempt, signal));
  /** A library's handshake takes time of the machine's: until the body has arrived and been answered, or the attempt is over. */
  const underWay = async (host: PartnerHost, sent: Promise<unknown>, before = 0) => {
    await settled();
    if (!fixture.prepare) return;
    const over = sent.then(() => true);
    while (host.arrived.length === before && !(await Promise.race([over, pause(2)])));
    // In turns of this thread, in which both sides are, and not in time that the machine may give to others.
    for (let turns = 0; turns < 12 && !(await Promise.race([over, pause(5)])); turns++);
  };
  /** One attempt, with an hour for the partner. */
  const attempt = async (move: Answer): Promise<{ outcome: Outcome; host: PartnerHost }> => {
    const { host, destination } = setUp(move);
    const sent = send(destination, host);
    await underWay(host, sent);
    await host.clock.advance(anHour);
    return { outcome: await sent, host };
  };
  const silent: Answer = () => "silent";

  describe("destination", () => {
    test("render is pure, and patient data stands in the body alone", () => {
      const destination = create();
      const [one, same, other] = [message("m1"), message("m1"), message("m1", "someone else")].map((m) => destination.render(m));
      expect(one).toEqual(same);
      expect({ ...other, body: undefined }).toEqual({ ...one, body: undefined });
      expect(canaryIn({ ...one, body: undefined })).toBeUndefined();
      expect(canaryIn(one?.body)).toBeDefined();
    });

    test("accepted: delivered", async () => {
      const { outcome, host } = await attempt(fixture.accepts);
      expect([outcome.kind, host.arrived.length]).toEqual(["delivered", 1]);
    });

    test("answered no: rejected, with a code", async () => {
      const { outcome } = await attempt(fixture.rejects);
      expect(outcome).toMatchObject({ kind: "rejected", code: expect.stringMatching(/^[A-Z]+-\d+$/) });
    });

    test.runIf(fixture.busy)("asked to try later: retry", async () => {
      expect((await attempt(fixture.busy ?? silent)).outcome.kind).toBe("retry");
    });

    test("not reachable: retry, and nothing has left", async () => {
      const { host, destination } = setUp(fixture.accepts);
      host.reachable = false;
      expect((await send(destination, host)).kind).toBe("retry");
      expect(host.arrived).toEqual([]);
      host.reachable = true;
      expect((await send(destination, host)).kind).toBe("delivered");
    });

    test.skipIf(fixture.isLocal).for(["silent", "close"] as const)("partner that goes %s after the bytes left: unknown", async (move) => {
      const { outcome, host } = await attempt(() => move);
      expect(outcome.kind).toBe("unknown");
      // A connection in doubt is not used again, or its late answer could be taken for the next message's.
      expect([host.wire, host.stream]).toEqual([undefined, undefined]);
    });

    test.runIf(fixture.garbage)("answer that is none: unknown", async () => {
      expect((await attempt(fixture.garbage ?? silent)).outcome.kind).toBe("unknown");
    });

    test.runIf(fixture.wrongId)("answer to another message: not delivered", async () => {
      expect((await attempt(fixture.wrongId ?? silent)).outcome.kind).toBe("unknown");
    });

    test.skipIf(fixture.isLocal)("a late answer completes nothing", async () => {
      const { host, destination } = setUp(silent);
      const first = send(destination, host, "m1");
      await underWay(host, first);
      const { wire } = host;
      await host.clock.advance(anHour);
      expect((await first).kind).toBe("unknown");
      const second = send(destination, host, "m2");
      await underWay(host, second, 1);
      const late = fixture.accepts(host.arrived[0] ?? new Uint8Array());
      if (late instanceof Uint8Array) for (const open of [wire, host.wire]) open?.answer(late);
      await settled();
      await host.clock.advance(anHour);
      expect((await second).kind).toBe("unknown");
    });

    test.skipIf(fixture.answersAtOnce)("stopped while it waits: settles at once, not delivered", async () => {
      const { host, destination } = setUp(silent);
      const stop = new AbortController();
      const sent = send(destination, host, "m1", stop.signal);
      await underWay(host, sent);
      stop.abort();
      expect((await sent).kind).toBe("unknown");
    });

    test("stopped before: nothing leaves", async () => {
      const { host, destination } = setUp(fixture.accepts);
      expect((await send(destination, host, "m1", AbortSignal.abort())).kind).toBe("retry");
      expect(host.arrived).toEqual([]);
    });

    test("order is kept, and a repeat is the same bytes", async () => {
      const { host, destination } = setUp(fixture.accepts);
      const ids = Array.from({ length: 10 }, (_, n) => `m${n}`);
      for (const id of ids) expect((await send(destination, host, id)).kind).toBe("delivered");
      expect(host.arrived).toEqual(ids.map((id) => onWire(fixture.content(id, canary))));
      expect((await send(destination, host, "m9", undefined, 2)).kind).toBe("delivered");
      expect(host.arrived.at(-1)).toEqual(host.arrived.at(-2));
    });

    test("no identifier comes out in an outcome, its response apart; no timer stays", async () => {
      const inDoubt = fixture.isLocal ? [] : [fixture.garbage ?? silent, silent, (): PartnerMove => "close"];
      for (const move of [fixture.accepts, fixture.rejects, ...inDoubt]) {
        const { outcome, host } = await attempt(move);
        expect(canaryIn({ ...outcome, response: undefined })).toBeUndefined();
        expect(host.clock.pending).toBe(0);
      }
    });

    test("close ends its connection, and twice is once", async () => {
      const { host, destination } = setUp(fixture.accepts);
      await send(destination, host);
      await destination.close();
      await destination.close();
      expect([host.wire, host.stream]).toEqual([undefined, undefined]);
    });
  });
}
