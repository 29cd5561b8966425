import { afterEach, expect, test } from "vitest";
import { eventually, sendMllp } from "../flow/engine-on-disk.ts";
import { oru } from "../flow/small-project.ts";
import { operated, type Operated } from "./operated.ts";

const open: Operated[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

test("tail says what comes in, what goes out and what does not, by name and never by content", async () => {
  const engine = await operated();
  open.push(engine);
  await engine.answer("ehr");
  const leave = new AbortController();
  const all = engine.follow(leave.signal, "tail");
  const json = engine.follow(leave.signal, "tail", "--json", "--partner", "ward", "--kind", "dead");
  const three = engine.follow(leave.signal, "tail", "--limit", "1", "--lane", "results/ehr");
  await eventually(() => [all, three].every(({ errs }) => errs.length === 1));
  await sendMllp(engine.ports.source, oru("C1", "TAILOR"));
  const told = (...words: readonly string[]) => words.every((word) => all.outs.some((line) => line.includes(` ${word} `)));
  await eventually(() => told("stored", "delivered", "dead"));
  // It says nothing when it begins: what was before that it has not heard.
  for (let n = 2; json.outs.length === 0; n++) {
    await sendMllp(engine.ports.source, oru(`C1${n}`, "TAILOR"));
    await eventually(() => json.outs.length > 0 || all.outs.filter((line) => line.includes(" dead ")).length >= n);
  }
  expect(await three.done).toBe(0);
  leave.abort();
  expect([await all.done, await json.done]).toEqual([0, 0]);
  const text = all.outs.join("\n");
  expect(text).toMatch(/<- m1 +stored +results from lab/);
  expect(text).toMatch(/-> m1 +delivered +results\/ehr to ehr/);
  expect(text).toMatch(/~> m1 +retry +results\/ward to ward NET-205/);
  expect(text).toMatch(/x> m1 +dead +results\/ward to ward LAN-101/);
  expect(three.outs).toEqual([expect.stringContaining("delivered")]);
  expect(JSON.parse(json.outs[0] ?? "")).toMatchObject({ event: "dead", channel: "results", destination: "ward", message: expect.any(Number), partner: "ward", code: "LAN-101" });
  for (const content of ["C1", "TAILOR", "900123"]) expect(text + json.outs.join()).not.toContain(content);
});

test("tail ends when the engine does, and refuses a kind it does not know", async () => {
  const engine = await operated();
  open.push(engine);
  expect(await engine.cli("tail", "--kind", "lost")).toMatchObject({ code: 2, err: expect.stringContaining("not-accepted") });
  const left = engine.follow(new AbortController().signal, "tail");
  await eventually(() => left.errs.length === 1);
  await engine.restart();
  expect(await left.done).toBe(1);
  expect(left.errs.at(-1)).toBe("the engine has ended");
});
