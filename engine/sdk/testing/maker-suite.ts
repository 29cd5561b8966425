import { describe, expect, test } from "vitest";
import type { Receipt, SourceDefinition } from "../index.ts";
import { settled } from "./manual-clock.ts";
import { completeOptions } from "./options.ts";
import { SourceHost } from "./source-host.ts";

/** A source that makes its messages itself, by the clock. */
export interface MakerFixture {
  readonly options: Readonly<Record<string, unknown>>;
  /** One message is due in each of these intervals. */
  readonly dueEveryMs: number;
}

export function makerSuite(definition: SourceDefinition, { options, dueEveryMs }: MakerFixture): void {
  const started = async (host = new SourceHost()) => {
    const source = definition.create(completeOptions(definition.options, options));
    await source.start(host.context);
    return { host, source };
  };
  const texts = (host: SourceHost) => host.received.map((bytes) => new TextDecoder().decode(bytes));

  describe("source", () => {
    test("construction has no effects; stop leaves no timer, and it starts again", async () => {
      const host = new SourceHost();
      const source = definition.create(completeOptions(definition.options, options));
      expect(host.clock.pending).toBe(0);
      for (const round of [1, 2]) {
        await source.start(host.context);
        await host.clock.advance(dueEveryMs);
        await source.stop();
        expect([host.received.length, host.clock.pending]).toEqual([round, 0]);
      }
    });

    test("one after another: none is made while another is being received", async () => {
      const { host, source } = await started();
      const gate = Promise.withResolvers<Receipt>();
      host.verdict = () => gate.promise;
      await host.clock.advance(5 * dueEveryMs);
      expect(host.received).toHaveLength(1);
      gate.resolve({ kind: "accepted", id: "m1" });
      await settled();
      await host.clock.advance(5 * dueEveryMs);
      expect(host.received.length).toBeGreaterThan(1);
      expect(host.receiving.most).toBe(1);
      await source.stop();
    });

    test("what the engine could not keep is handed over again, before any other", async () => {
      const { host, source } = await started();
      host.verdict = async (_, index) => (index < 2 ? { kind: "unavailable", code: "FLW-105" } : { kind: "accepted" });
      await host.clock.advance(dueEveryMs + 10_000);
      const [first, second, third] = texts(host);
      expect(first).toBeDefined();
      expect([second, third]).toEqual([first, first]);
      await source.stop();
    });

    test("what was accepted is not made again after a restart, however it ended", async () => {
      const { host, source } = await started();
      await host.clock.advance(3 * dueEveryMs);
      await source.stop();
      const places = [...host.checkpoints];
      expect(places).not.toEqual([]);
      const { source: again } = await started(host);
      await settled();
      expect([...host.checkpoints]).toEqual(places);
      await host.clock.advance(3 * dueEveryMs);
      expect(host.received.length).toBeGreaterThan(3);
      expect([...host.checkpoints]).not.toEqual(places);
      await again.stop();
    });

    test("stop waits for what is being received", async () => {
      const { host, source } = await started();
      const gate = Promise.withResolvers<Receipt>();
      host.verdict = () => gate.promise;
      await host.clock.advance(dueEveryMs);
      let stopped = false;
      const stopping = source.stop().then(() => {
        stopped = true;
      });
      await settled();
      expect(stopped).toBe(false);
      gate.resolve({ kind: "accepted", id: "m1" });
      await stopping;
      expect(host.clock.pending).toBe(0);
    });
  });
}
