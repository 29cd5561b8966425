import { expect, test } from "vitest";
import type { Claimed, Store } from "../store/store.ts";
import { apart, eachApart } from "./each-apart.ts";

const entry = (position: number): Claimed => ({
  lane: "lab/pager", id: position, position, channel: "lab", revision: "r", receivedAt: 0, state: "waiting", attempts: 0, nextAt: 0, filled: false, raw: { format: "text", bytes: new Uint8Array(1) },
});
const positions = [3, 4, 9, 12, 20];
const claim: Store["claim"] = (_, after, { entries }) => positions.filter((position) => position > after).slice(0, entries).map(entry);
const store = eachApart({ claim, list: () => [], settle: async () => {}, settleAll: async () => {} });
const claimed = (...asked: Parameters<Store["claim"]>) => store.claim(...asked).map(({ id, orderKey }) => [id, orderKey]);
const two = { entries: 2, bytes: 100 };

test("each entry has an order of its own, by its place", () => {
  expect(apart(entry(4)).orderKey).toBe("4");
  expect(claimed("lab/pager", 3, two)).toEqual([[4, "4"], [9, "9"]]);
});

test("one is found by its key, within what was asked for", () => {
  expect(claimed("lab/pager", 0, two, { only: "9", upTo: 20 })).toEqual([[9, "9"]]);
  expect(claimed("lab/pager", 0, two, { only: "9", upTo: 8 })).toEqual([]);
  expect(claimed("lab/pager", 9, two, { only: "9", upTo: 20 })).toEqual([]);
  expect(claimed("lab/pager", 0, two, { only: "10", upTo: 20 })).toEqual([]);
});

test("those that wait elsewhere are passed over, however many there are", () => {
  expect(claimed("lab/pager", 0, two, { except: ["3", "4", "9"] })).toEqual([[12, "12"]]);
  expect(claimed("lab/pager", 0, two, { except: positions.map(String) })).toEqual([]);
});
