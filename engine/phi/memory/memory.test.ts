import { describe, expect, test } from "vitest";
import { createBoundary } from "../index.ts";
import { destination, envelope, label, only, partner, tree } from "../testing/given.ts";
import { KeyedSet } from "./keyed-set.ts";

const message = (pid: string) => tree(`MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X1|P|2.5\rPID|${pid}`);
const ofAnna = message("1||MRN7788123401^^^N^MR||Lindqvist^Anna||19710623|||9 Oak Lane||(330) 555-0147^^^anna.l@mail.example||||||219-09-9998");
const ofBen = message("1||66001||Roe^Ben");

/** A boundary that has guarded a message of Anna's toward a partner without an agreement, and then one of Ben's. */
function afterAnna() {
  const boundary = createBoundary();
  const guard = (raw: ReturnType<typeof message>, body: string, over: Partial<Parameters<typeof boundary.guard>[0]> = {}) =>
    boundary.guard({ envelope: envelope(body), harvest: boundary.harvest(raw, "hl7v2"), label: label("deidentified"), destination: destination({ sends: "deidentified" }), partner: partner(), owners: ["northside"], ...over });
  expect(guard(ofAnna, '{"x":"nothing"}')).toBeUndefined();
  return guard;
}

describe("an identifier of an earlier message", () => {
  test.each(["7788123401", "mrn7788123401", "7788-123-401", "Anna Lindqvist", "LINDQVIST ANNA"])("does not leave in a later one: %s", (text) => {
    expect(afterAnna()(ofBen, JSON.stringify({ note: text }))).toEqual({ code: "PHI-224", rule: "remembered", where: "body" });
  });
  test("nor encoded", () => {
    expect(afterAnna()(ofBen, JSON.stringify({ note: Buffer.from("of Anna Lindqvist").toString("base64") }))).toMatchObject({ code: "PHI-224" });
  });
  test("nor toward another owner's partner", () => {
    expect(afterAnna()(ofBen, '{"note":"Anna Lindqvist"}', { owners: ["southside"] })).toMatchObject({ code: "PHI-224" });
  });
  test("nor in a header toward that partner", () => {
    expect(afterAnna()(ofBen, "{}", { envelope: envelope("{}", { headers: { "x-ref": "7788123401" } }) })).toMatchObject({ code: "PHI-224", where: "header of its own" });
  });
  test("may stand where the engine made it, where the closed list bounds it, and in a short number", () => {
    const guard = afterAnna();
    expect(guard(ofBen, '{"x":"7788123401"}', { exempt: ["7788123401"] })).toBeUndefined();
    expect(guard(ofBen, '{"event":"visit","kind":"new","amount":66}', { destination: destination({ only }), label: label("none") })).toBeUndefined();
    expect(guard(ofBen, '{"x":"anna, 9 of oak"}')).toBeUndefined();
  });
  test("is unknown to another engine, and before it was seen", () => {
    const boundary = createBoundary();
    const asked = { envelope: envelope('{"note":"Anna Lindqvist"}'), harvest: boundary.harvest(ofBen, "hl7v2"), label: label("deidentified"), destination: destination({ sends: "deidentified" }), partner: partner() };
    expect(boundary.guard(asked)).toBeUndefined();
  });
});

describe("a keyed set", () => {
  test("has what was added and nothing else", () => {
    const set = new KeyedSet("k");
    for (let i = 0; i < 20_000; i++) set.add(`id ${i}`);
    expect(set.size).toBe(20_000);
    let missed = 0;
    let wrong = 0;
    for (let i = 0; i < 20_000; i++) {
      if (!set.has(`id ${i}`)) missed++;
      if (set.has(`other ${i}`)) wrong++;
    }
    expect({ missed, wrong }).toEqual({ missed: 0, wrong: 0 });
    set.add("id 1");
    expect(set.size).toBe(20_000);
  });
});
