import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Project } from "../../config/project.ts";
import { agreement, channel, destination, partner, project } from "../../phi/testing/given.ts";
import { BreakGlass } from "./desk.ts";
import { hashOf, type Request, signed, type Word } from "./documents.ts";
import { reviewDue } from "./review-due.ts";

const start = Date.parse("2026-06-05T12:00:00Z"); // a Friday
let now = start;
let data = "";
let told: string[] = [];
let woken: string[] = [];
const people = Object.fromEntries(["ada", "bert", "cleo"].map((name) => [name, generateKeyPairSync("ed25519")])) as Record<string, { publicKey: KeyObject; privateKey: KeyObject }>;
const publicOf = (name: string) => people[name]?.publicKey.export({ type: "spki", format: "der" }).toString("base64") ?? "";
const privateOf = (name: string) => people[name]?.privateKey as KeyObject;

function given(): Project {
  const base = project(
    [channel({ destinations: [destination({ sends: "phi", purpose: "TREAT" }), destination({ name: "count", partner: "stats" })] })],
    [partner({ kind: "provider", breakGlass: true, agreements: [agreement()] }), partner({ name: "stats", kind: "analytics", breakGlass: true })],
  );
  const listed = [...Object.keys(people).map((name) => ({ name, key: publicOf(name), wrote: name === "cleo" ? ["visits"] : [] })), { name: "ada-again", key: publicOf("ada"), wrote: [] }];
  return { ...base, settings: { ...base.settings, people: listed } };
}

function desk(of = given()): BreakGlass {
  const clock = { now: () => now } as never;
  return new BreakGlass({ data, clock, events: { log: (event) => void told.push(event) }, project: () => of, wake: (lane) => void woken.push(lane) });
}

const at = () => new Date(now).toISOString();
const request = (over: Partial<Request> = {}): Request => ({
  kind: "request", id: "bg-1", lane: "visits/out", partner: "acme", purpose: "TREAT", lifts: ["agreement"], compartments: [], minutes: 120, messages: 2, reason: "patient-emergency", ticket: "INC-1", by: "ada", at: at(), ...over,
});
const word = (kind: Word["kind"], by: string, of: Request, over: Partial<Word> = {}) =>
  signed<Word>({ kind, of: hashOf(of), by, at: at(), ...(kind === "review" && { justified: true }), ...over }, privateOf(by === "ada-again" ? "ada" : by));
const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

beforeEach(() => {
  now = start;
  told = [];
  woken = [];
  data = mkdtempSync(join(tmpdir(), "glass-"));
});
afterEach(() => rmSync(data, { recursive: true }));

test("one asks, another approves; it lasts as long and lets as many through as both signed, through a restart", () => {
  const open = desk();
  const asked = request();
  expect(open.request(signed(asked, privateOf("ada")))).toMatchObject({ state: "requested" });
  expect(open.grant("visits/out")).toBeUndefined();
  expect(open.say("bg-1", word("approval", "bert", asked))).toMatchObject({ state: "active", approvedBy: "bert", until: "2026-06-05T14:00:00.000Z" });
  expect(woken).toEqual(["visits/out"]);
  expect(open.grant("visits/other")).toBeUndefined();
  expect(open.spend("bg-1", 1)).toBe(true);
  const again = desk();
  expect(again.grant("visits/out")).toMatchObject({ id: "bg-1", partner: "acme", messages: 2 });
  expect([again.spend("bg-1", 2), again.spend("bg-1", 1), again.spend("bg-1", 1)]).toEqual([false, true, false]);
  expect(again.grant("visits/out")).toBeUndefined();
  expect(told).toEqual(["break-glass-requested", "break-glass-approval", "break-glass-used", "break-glass-used"]);
});

test("it ends by the hour, by a word, and when a person is taken out of the project", () => {
  const open = desk();
  const asked = request();
  open.request(signed(asked, privateOf("ada")));
  open.say("bg-1", word("approval", "bert", asked));
  const without = given();
  expect(desk({ ...without, settings: { ...without.settings, people: without.settings.people.filter(({ name }) => name !== "bert") } }).grant("visits/out")).toBeUndefined();
  now += 2 * 3_600_000;
  expect(open.grant("visits/out")).toBeUndefined();
  now = start + 60_000;
  expect(open.grant("visits/out")).toBeDefined();
  expect(open.say("bg-1", word("end", "ada", asked))).toMatchObject({ state: "over", review: "due" });
  expect(open.grant("visits/out")).toBeUndefined();
});

test("a destination that is edited under a standing grant has none", () => {
  const open = desk();
  const asked = request();
  open.request(signed(asked, privateOf("ada")));
  open.say("bg-1", word("approval", "bert", asked));
  const edited = (over: Parameters<typeof destination>[0]) => {
    const base = given();
    return desk({ ...base, channels: [channel({ destinations: [destination({ sends: "phi", purpose: "TREAT", ...over })] })] });
  };
  expect(edited({}).grant("visits/out")).toBeDefined();
  expect(edited({ partner: "stats" }).grant("visits/out")).toBeUndefined();
  expect(edited({ purpose: "HOPERAT" }).grant("visits/out")).toBeUndefined();
});

test("nobody decides alone, nor about what they wrote, nor with a borrowed name", () => {
  const open = desk();
  const asked = request();
  expect(codeOf(() => open.request(signed(request({ by: "cleo", id: "bg-2" }), privateOf("cleo"))))).toBe("RUN-245");
  expect(codeOf(() => open.request(signed(asked, privateOf("bert"))))).toBe("RUN-247");
  expect(codeOf(() => open.request(signed(request({ by: "nobody" }), privateOf("ada"))))).toBe("RUN-247");
  open.request(signed(asked, privateOf("ada")));
  expect(codeOf(() => open.say("bg-1", word("approval", "ada", asked)))).toBe("RUN-245");
  expect(codeOf(() => open.say("bg-1", word("approval", "ada-again", asked)))).toBe("RUN-245");
  expect(codeOf(() => open.say("bg-1", word("approval", "cleo", asked)))).toBe("RUN-245");
  expect(codeOf(() => open.say("bg-1", word("approval", "bert", request({ messages: 9999 }))))).toBe("RUN-240");
  expect(open.grant("visits/out")).toBeUndefined();
});

test.each<[string, Partial<Request>, string]>([
  ["more than four hours", { minutes: 241 }, "RUN-240"],
  ["no count of messages", { messages: 0 }, "RUN-240"],
  ["a reason in words", { reason: "Jane is ill" as never }, "RUN-240"],
  ["part 2 without its form", { compartments: ["part2"] }, "RUN-240"],
  ["something else to lift", { lifts: ["audit" as never] }, "RUN-240"],
  ["an old document", { at: "2026-06-05T11:30:00.000Z" }, "RUN-240"],
  ["a clock ahead", { at: "2026-06-05T12:05:00.000Z" }, "RUN-240"],
  ["analytics", { lane: "visits/count", partner: "stats", purpose: "" }, "RUN-243"],
  ["a lane that is not there", { lane: "visits/nowhere" }, "RUN-201"],
  ["another partner than the destination's", { partner: "stats" }, "RUN-240"],
  ["another purpose", { purpose: "HOPERAT" }, "RUN-240"],
  ["part 2 without its compartment", { lifts: ["part2"] }, "RUN-240"],
])("refuses %s", (_, over, code) => {
  expect(codeOf(() => desk().request(signed(request(over), privateOf("ada"))))).toBe(code);
});

test("a file that says more than was signed grants nothing, and one that cannot be read stops the start", () => {
  const open = desk();
  const asked = request({ messages: 1 });
  open.request(signed(asked, privateOf("ada")));
  open.say("bg-1", word("approval", "bert", asked));
  const path = join(data, "break-glass", readdirSync(join(data, "break-glass"))[0] ?? "");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, readFileSync(path, "utf8").replace('"messages":1', '"messages":1000'));
  expect(desk().grant("visits/out")).toBeUndefined();
  writeFileSync(path, "{");
  expect(codeOf(() => desk())).toBe("RUN-241");
});

test("the review is due one business day after the end, and done by another person", () => {
  const open = desk();
  const asked = request();
  open.request(signed(asked, privateOf("ada")));
  open.say("bg-1", word("approval", "bert", asked));
  now += 3 * 3_600_000;
  expect(open.list()[0]).toMatchObject({ state: "over", review: "due" });
  expect(reviewDue(start)).toBe(Date.parse("2026-06-08T12:00:00Z"));
  now = Date.parse("2026-06-08T15:00:00Z");
  expect(open.list()[0]).toMatchObject({ review: "overdue" });
  expect(codeOf(() => open.say("bg-1", word("review", "ada", asked)))).toBe("RUN-245");
  expect(open.say("bg-1", word("review", "bert", asked))).toMatchObject({ review: "done" });
});
