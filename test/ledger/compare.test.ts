import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import type { ArrivalLine, SenderLine } from "./ledger.ts";

const sent = (connection: string, id: string): SenderLine => ({ kind: "sent", connection, id, mark: `m${id}` });
const acked = (connection: string, id: string, code = "AA"): SenderLine => ({ kind: "acked", connection, id, code });
const arrived = (id: string, lane = "lane", mark = `m${id}`): ArrivalLine => ({ kind: "arrived", lane, id, mark });
const oneLane = () => ["lane"];

const two = [sent("a", "1"), acked("a", "1"), sent("a", "2"), acked("a", "2")];

describe("compare", () => {
  test("everything acked arrived once, in order", () => {
    expect(compare(two, [arrived("1"), arrived("2")], oneLane)).toEqual({ acked: 2, lost: 0, reordered: 0, duplicates: 0, damaged: 0 });
  });

  test("acked and never arrived is lost, once for each lane", () => {
    expect(compare(two, [arrived("1")], oneLane).lost).toBe(1);
    expect(compare(two, [arrived("1", "x"), arrived("2", "x")], () => ["x", "y"]).lost).toBe(2);
  });

  test("never acked and never arrived is not lost; a negative answer is no acknowledgement", () => {
    expect(compare([...two, sent("a", "3"), acked("a", "3", "AE")], [arrived("1"), arrived("2")], oneLane)).toMatchObject({ acked: 2, lost: 0 });
  });

  test("a later message first is reordered", () => {
    expect(compare(two, [arrived("2"), arrived("1")], oneLane).reordered).toBe(1);
  });

  test("order holds across connections when one message was acked before the other was sent", () => {
    const lines = [sent("a", "1"), acked("a", "1"), sent("b", "9"), acked("b", "9")];
    expect(compare(lines, [arrived("9"), arrived("1")], oneLane).reordered).toBe(1);
  });

  test("messages in flight together may arrive either way", () => {
    const lines = [sent("a", "1"), sent("b", "9"), acked("a", "1"), acked("b", "9")];
    expect(compare(lines, [arrived("9"), arrived("1")], oneLane).reordered).toBe(0);
  });

  test("a repeat is a duplicate and not a change of order", () => {
    const lines = [sent("a", "1"), sent("a", "1"), acked("a", "1"), sent("a", "2"), acked("a", "2")];
    expect(compare(lines, [arrived("1"), arrived("2"), arrived("1"), arrived("2")], oneLane)).toMatchObject({ duplicates: 2, reordered: 0, lost: 0 });
  });

  test("a damaged arrival does not count as arrived", () => {
    expect(compare(two, [arrived("1", "lane", "torn"), arrived("2")], oneLane)).toMatchObject({ damaged: 1, lost: 1 });
    expect(compare(two, [arrived("1", "elsewhere"), arrived("2"), arrived("7")], oneLane)).toMatchObject({ damaged: 2, lost: 1 });
  });

  test("any one arrival dropped is found, any two swapped are found", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), (count, where) => {
        const ids = Array.from({ length: count }, (_, i) => String(i));
        const lines = ids.flatMap((id) => [sent("a", id), acked("a", id)]);
        const dropped = ids.toSpliced(where % count, 1);
        expect(compare(lines, dropped.map((id) => arrived(id)), oneLane)).toMatchObject({ lost: 1, reordered: 0 });
        const at = where % (count - 1);
        const swapped = ids.toSpliced(at, 2, ids[at + 1] ?? "", ids[at] ?? "");
        expect(compare(lines, swapped.map((id) => arrived(id)), oneLane)).toMatchObject({ lost: 0, reordered: 1 });
      }),
    );
  });
});
