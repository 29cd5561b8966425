import { expect, test } from "vitest";
import { ManualClock, settled } from "../../sdk/testing/manual-clock.ts";
import { EngineError } from "../../sdk/index.ts";
import type { Token } from "./token-answer.ts";
import { TokenSource } from "./token-source.ts";

const never = new AbortController().signal;

function made(lifeMs = 300_000) {
  const clock = new ManualClock();
  const state = { asked: 0, fails: false, trouble: [] as string[], relief: 0, slow: undefined as Promise<void> | undefined };
  const source = new TokenSource({
    clock,
    random: { next: () => 0, bytes: (n) => new Uint8Array(n) },
    fetch: async (): Promise<Token> => {
      const n = ++state.asked;
      await state.slow;
      if (state.fails) throw new EngineError("NET-205", { sent: false });
      return { authorization: `Bearer t${n}`, lifeMs };
    },
    onTrouble: (code) => state.trouble.push(code),
    onRelief: () => state.relief++,
  });
  return { clock, state, source, get: () => source.authorization(never) };
}

test("many who ask at once make one request; whoever gives up does not end it for the others", async () => {
  const { state, source, get } = made();
  let release = () => {};
  state.slow = new Promise((resolve) => (release = resolve));
  const leaving = new AbortController();
  const asking = [get(), get(), source.authorization(leaving.signal)];
  leaving.abort();
  await expect(asking[2]).rejects.toMatchObject({ code: "NET-210", safe: { sent: false } });
  release();
  expect(await Promise.all(asking.slice(0, 2))).toEqual(["Bearer t1", "Bearer t1"]);
  expect(state.asked).toBe(1);
});

test("a token is renewed at four fifths of its life behind whoever asks, and never used in its last ten seconds", async () => {
  const { clock, state, get } = made(100_000);
  expect(await get()).toBe("Bearer t1");
  await clock.advance(71_000);
  expect([await get(), state.asked]).toEqual(["Bearer t1", 1]);
  await clock.advance(2_000);
  expect(await get()).toBe("Bearer t1");
  await settled();
  expect([await get(), state.asked]).toEqual(["Bearer t2", 2]);
  state.fails = true;
  await clock.advance(89_000);
  expect(await get()).toBe("Bearer t2");
  await settled();
  await clock.advance(1_001);
  await expect(get()).rejects.toMatchObject({ code: "IDN-101" });
});

test("down for an hour: asked at pauses that double to a minute, whoever asks meanwhile hears at once; told once", async () => {
  const { clock, state, get } = made();
  state.fails = true;
  for (let second = 0; second < 3600; second++) {
    await expect(get()).rejects.toMatchObject({ code: "IDN-101", safe: { because: "NET-205", sent: false } });
    await clock.advance(1000);
  }
  expect(state.asked).toBeGreaterThan(50);
  expect(state.asked).toBeLessThan(75);
  expect([state.trouble, state.relief]).toEqual([["NET-205"], 0]);
  state.fails = false;
  await clock.advance(60_000);
  expect(await get()).toMatch(/^Bearer/);
  expect(state.relief).toBe(1);
});

test("one that was turned away is not given again; a newer one stays", async () => {
  const { source, state, get } = made();
  const first = await get();
  source.refused(first);
  const second = await get();
  expect([second, state.asked]).toEqual(["Bearer t2", 2]);
  source.refused(first);
  expect(await get()).toBe(second);
});
