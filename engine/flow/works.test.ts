import { expect, test } from "vitest";
import { Work } from "./work.ts";
import { Works } from "./works.ts";

const work = (id: number) => new Work({ id, receivedAt: 0, raw: { format: "text", bytes: new Uint8Array() } }, "", "utf-8");

test("a work is found by message and revision, whatever came and went around it", () => {
  const works = new Works();
  const all = [1, 2, 3].map(work);
  for (const each of all) works.add(each, "r1");
  const again = work(2);
  works.add(again, "r2");
  works.remove(1, "r1");
  works.remove(1, "r1");
  works.remove(9, "r1");
  expect([works.find(1, "r1"), works.find(2, "r1"), works.find(2, "r2"), works.find(3, "r1")]).toEqual([undefined, all[1], again, all[2]]);
  works.remove(2, "r2");
  expect([works.find(2, "r1"), works.find(2, "r2"), works.find(3, "r1")]).toEqual([all[1], undefined, all[2]]);
});
