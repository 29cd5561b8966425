import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { capacity } from "../../engine/phi/capacity.ts";
import { type OpenedSandbox, openSandbox } from "../../engine/sandbox/samples.ts";
import { Adversary, readable } from "./adversarial/harness.ts";
import { lists } from "./adversarial/lists.ts";
import { messageOf, plantedIn, targets } from "./adversarial/secrets.ts";
import { techniques } from "./adversarial/techniques.ts";

/** Secrets by target: more than any list has choices, so that what exceeds a list would show. */
const people = 40;
const names = Object.keys(techniques);
const codes = Object.values(techniques);

/** By list, target and technique: the different bodies that its recipient got, over all secrets. */
const seen = new Map<string, Set<string>>();
const found: string[] = [];
const said: string[] = [];
let sandbox: OpenedSandbox;

beforeAll(async () => {
  sandbox = await openSandbox({ timeoutMs: 3000, memoryMb: 64, rssLimitMb: 600 });
  for (const [listName, list] of Object.entries(lists)) {
    const adversary = await Adversary.load(sandbox, listName.replaceAll(" ", "-"), list, codes);
    for (const [targetName, target] of Object.entries(targets)) {
      for (let i = 0; i < people; i++) {
        const planted = plantedIn(target, i);
        const sent = await adversary.send(messageOf(target, i));
        for (const [at, body] of sent.left.entries()) if (body !== undefined) bodiesOf(listName, targetName, names[at] ?? "").add(body);
        if (readable(sent.left, planted)) found.push(`${listName}, ${targetName}, ${i}`);
        // Lines and columns are figures too.
        if (readable([sent.said], planted, 7)) said.push(`${listName}, ${targetName}, ${i}`);
      }
    }
  }
}, 300_000);

afterAll(() => sandbox.close());

function bodiesOf(list: string, target: string, technique: string): Set<string> {
  const key = `${list}\n${target}\n${technique}`;
  let bodies = seen.get(key);
  if (!bodies) seen.set(key, (bodies = new Set()));
  return bodies;
}

describe("hostile transforms toward a partner without agreement", () => {
  test(`there are ${names.length * Object.keys(targets).length} pairs of technique and target`, () => {
    expect(names.length * Object.keys(targets).length).toBeGreaterThanOrEqual(200);
    expect(new Set(codes).size).toBe(names.length);
  });

  test.each(Object.keys(targets).flatMap((target) => names.map((name) => [target, name] as const)))("%s, %s: no more different bodies than the list declares", (target, name) => {
    for (const [listName, list] of Object.entries(lists)) {
      const bits = capacity(list);
      const bodies = bodiesOf(listName, target, name).size;
      expect({ list: listName, bodies, within: bodies <= Math.round(2 ** bits) }).toEqual({ list: listName, bodies, within: true });
    }
  });

  test("no identifier arrived in any form, and none is in what the engine says of the run", () => {
    expect(found).toEqual([]);
    expect(said).toEqual([]);
  });

  test("what a list declares can be had: the honest choice fills it, so the measure measures", () => {
    for (const [listName, list] of Object.entries(lists)) {
      const choices = Object.values(list).reduce((all, field) => all * ("optional" in field ? Math.round(2 ** capacity({ field: { ...field, optional: false } })) : 1), 1);
      const had = Math.max(...Object.keys(targets).map((target) => bodiesOf(listName, target, "choice among the legal results").size));
      expect({ listName, had: Math.min(had, choices) }).toEqual({ listName, had: choices > 12 ? Math.max(had, 12) : choices });
    }
  });

  test("a list of constants has one body, whoever the patient is", () => {
    for (const target of Object.keys(targets)) {
      const bodies = new Set(names.flatMap((name) => [...bodiesOf("constants and a token", target, name)]));
      expect([...bodies]).toEqual([`{"event":"visit","token":"token-acme-PID-3.1-kept"}`]);
    }
  });
});

test("what came before changes nothing: the same message gives the same bodies after any other", async () => {
  const adversary = await Adversary.load(sandbox, "before", lists["a small number and a bit"] ?? {}, codes);
  const target = targets["family name"];
  if (!target) throw new Error("no such target");
  const after: string[] = [];
  for (const before of [1, 2, 3]) {
    await adversary.send(messageOf(target, before));
    after.push(JSON.stringify((await adversary.send(messageOf(target, 9))).left));
  }
  expect(new Set(after).size).toBe(1);
});
