import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EngineError } from "../../sdk/index.ts";
import type { End, Entry, Flight, MessageSummary, Search } from "../../store/store.ts";
import { systemClock } from "../clock.ts";
import { Events } from "../events.ts";
import type { JobRequest } from "./job.ts";
import { Jobs } from "./jobs.ts";
import type { Operated } from "./operated.ts";
import type { Item } from "./running-job.ts";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "sluice-jobs-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (lane: string, id: number, state: Flight | End): Entry => ({ lane, id, channel: "lab", revision: "r", receivedAt: id, state, attempts: 1, nextAt: 0, filled: true, code: "LAN-101" });
const lanes = ["lab/ehr", "lab/ward", "visits/ehr"];

/** A record of messages 1 to 1200: dead toward both of the lab's destinations, every third delivered to the ward. */
function setUp() {
  const messages: MessageSummary[] = Array.from({ length: 1200 }, (_, i) => {
    const id = i + 1;
    return { id, channel: "lab", receivedAt: id, bytes: 10, entries: [entry("lab/ehr", id, "dead"), entry("lab/ward", id, id % 3 === 0 ? "delivered" : "dead")] };
  });
  const searches: Search[] = [];
  const search = (query: Search) => {
    searches.push(query);
    const all = messages.filter(({ id, channel, entries }) => id < (query.before ?? Number.MAX_SAFE_INTEGER) && (query.channel ?? channel) === channel
      && entries.some((each) => (query.lanes ?? [each.lane]).includes(each.lane) && (query.states ?? [each.state]).includes(each.state))).reverse();
    const page = all.slice(0, query.limit);
    return all.length > page.length ? Object.assign(page, { more: page.at(-1)?.id }) : page;
  };
  const list = ({ before = 0 }: { before?: number }) => messages.filter(({ id }) => id === before - 1);
  const acted: Item[] = [];
  const engine = {
    ports: { clock: systemClock, store: { counts: () => lanes.map((lane) => ({ lane })) } }, events: new Events(systemClock, () => {}),
    runners: [{ channel: { name: "lab", source: { partner: "lis" }, destinations: [{ name: "ehr", partner: "clinic" }, { name: "ward", partner: "ward" }] }, laneNames: ["lab/ehr", "lab/ward"] }],
  } as unknown as Operated;
  const make = (act = async (_: Item) => {}) =>
    new Jobs({ engine, dataFolder: folder, finds: { search, list } as never, act: async (item) => {
      await act(item);
      acted.push(item);
    } });
  return { make, acted, searches };
}

async function ended(jobs: Jobs, id: number) {
  await expect.poll(() => jobs.find(id).endedAt, { timeout: 30_000, interval: 5 }).toBeDefined();
  return jobs.find(id);
}

const dead: JobRequest = { kind: "retry", selection: { partner: "ward" } };

test("what is meant is counted, and done oldest first, in the lanes that were meant alone", async () => {
  const { make, acted } = setUp();
  const jobs = make();
  expect(await jobs.preview(dead)).toMatchObject({ entries: 800, messages: 800, byLane: { "lab/ward": 800 }, byEnd: { "dead LAN-101": 800 }, sample: [{ id: 1 }, { id: 2 }, { id: 4 }, {}, {}, {}, {}, {}, {}, {}] });
  expect(acted).toEqual([]);
  const { id } = jobs.start(dead);
  expect(await ended(jobs, id)).toMatchObject({ state: "done", total: 800, done: 800 });
  expect(acted.map((item) => item.id)).toEqual([...acted.map((item) => item.id)].sort((a, b) => a - b));
  expect(new Set(acted.map(({ lane }) => lane))).toEqual(new Set(["lab/ward"]));
});

test("a retry takes what had ended when it was asked for; what waits is no retry's", async () => {
  const { make, searches } = setUp();
  const jobs = make();
  await ended(jobs, jobs.start({ kind: "retry", selection: { lanes: ["lab/ehr"], settled: { to: 5 } } }).id);
  expect(searches.at(-1)).toMatchObject({ settled: { to: 5 }, states: ["dead", "held", "rejected", "refused"] });
  expect(await jobs.preview({ kind: "retry", selection: { states: ["delivered"] } })).toMatchObject({ entries: 0 });
});

test("a replay is of messages, once each, to one channel's destinations", async () => {
  const { make, acted } = setUp();
  const jobs = make();
  const request: JobRequest = { kind: "replay", selection: { ids: [7, 9, 5000] }, to: ["lab/ehr"], reason: "lost" };
  expect(await jobs.preview(request)).toMatchObject({ entries: 2, messages: 2 });
  expect(await ended(jobs, jobs.start(request).id)).toMatchObject({ done: 2 });
  expect(acted.map(({ id }) => id)).toEqual([7, 9]);
  for (const wrong of [{ to: ["lab/ehr", "visits/ehr"] }, { to: ["lab/ehr"], selection: { channel: "visits" } }, { to: [] }]) expect(() => jobs.start({ ...request, ...wrong })).toThrow("RUN-214");
});

test("a disk that keeps no progress does not end the work", async () => {
  const { make, acted } = setUp();
  const jobs = make();
  rmSync(join(folder, "jobs"), { recursive: true });
  expect(await ended(jobs, jobs.start(dead).id)).toMatchObject({ state: "done", done: 800 });
  expect(acted.length).toBe(800);
});

test("a name that nothing has is said before anything is done", async () => {
  const jobs = setUp().make();
  for (const selection of [{ lanes: ["lab/nobody"] }, { partner: "nobody" }, { channel: "nothing" }]) expect(() => jobs.start({ kind: "retry", selection })).toThrow("RUN-201");
  expect(jobs.list()).toEqual([]);
});

test("where jobs stood is on the disk without reasons or control ids, and a new engine says so", async () => {
  const { make } = setUp();
  const halfWay = Promise.withResolvers<void>();
  const jobs = make(async ({ id }) => {
    if (id !== 500) return;
    halfWay.resolve();
    await new Promise(() => {});
  });
  const { id } = jobs.start({ kind: "discard", selection: { lanes: ["lab/ehr"], controlId: "MSG1" }, reason: "Tom was told" });
  await halfWay.promise;
  const text = readFileSync(join(folder, "jobs", `${id}.json`), "utf8");
  for (const content of ["MSG1", "Tom"]) expect(text).not.toContain(content);
  const after = setUp().make();
  expect(after.find(id)).toMatchObject({ state: "interrupted", kind: "discard" });
  expect(() => after.resume(id)).toThrow("RUN-205");
  expect(() => after.find(99)).toThrow(EngineError);
});
