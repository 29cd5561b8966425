import { createHash, createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { canonical } from "../../codec/json/canonical.ts";
import { type Checkpoint, checkpointIn, signed, type Signer } from "./checkpoint.ts";
import { publicText, signerOf } from "./key.ts";
import { genesis, lineAfter } from "./line.ts";
import { verifyLedger } from "./verify.ts";

const dir = mkdtempSync(join(tmpdir(), "sluice-ledger-"));
afterAll(() => rmSync(dir, { recursive: true }));

const signer = signerOf(Buffer.alloc(32, 1));
const stranger = signerOf(Buffer.alloc(32, 2));
const key = createPublicKey(signer.privateKey);
const at = "2026-01-05T08:00:00.000Z";
const now = Date.parse(at) + 3_600_000;

/** A ledger of `count` intents with a checkpoint each `every` lines and at its end. */
function ledger(count = 30, options: { readonly by?: Signer; readonly name?: string; readonly every?: number } = {}): string[] {
  const { by = signer, name = "ab".repeat(16), every = 10 } = options;
  const lines: string[] = [];
  let link = { n: 0, hash: genesis };
  const put = (record: object) => {
    const { line, ...next } = lineAfter(link, record as never);
    lines.push(line);
    link = next;
  };
  const seal = () => put({ checkpoint: { ...signed(link, name, at, by) } });
  put({ kind: "begin", at, ledger: name, key: publicText(by.privateKey), version: 1 });
  for (let i = 1; i <= count; i++) {
    put({ kind: "intent", at, lane: "lab/ehr", message: i, partner: "ehr", agreement: "BAA-1", purpose: "TREAT", level: "phi", owners: ["north"], patients: [{ ids: ["cd".repeat(16)], owner: "north" }] });
    if (lines.length % every === 0) seal();
  }
  seal();
  return lines;
}

/** What somebody without the key can do best: change a line, then compute every hash behind it anew. */
function rechained(lines: readonly string[]): string[] {
  let link = { n: 0, hash: genesis };
  return lines.map((line) => {
    const { record } = JSON.parse(line) as { record: never };
    const { line: next, ...own } = lineAfter(link, record);
    link = own;
    return next;
  });
}

let files = 0;
function written(...texts: readonly string[]): string[] {
  return texts.map((text) => {
    const path = join(dir, `${++files}.jsonl`);
    writeFileSync(path, text);
    return path;
  });
}
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
const codesOf = async (paths: readonly string[], anchors: readonly Checkpoint[] = []) => (await verifyLedger(paths, { keys: [key], anchors, now })).problems.map(({ code }) => code);
const anchorOf = (lines: readonly string[]) => checkpointIn((JSON.parse(lines.findLast((line) => line.includes('"checkpoint"')) ?? "{}") as { record: unknown }).record) as Checkpoint;

const whole = ledger();

test("a whole ledger is whole: in one file, in several, and from any of them on", async () => {
  expect(await verifyLedger(written(text(whole)), { keys: [key], now, anchors: [anchorOf(whole)] })).toMatchObject({
    problems: [], lines: whole.length, first: 1, signedTo: whole.length, unsigned: 0, ledger: "ab".repeat(16), checkpoints: 4, last: { n: whole.length },
  });
  const parts = [whole.slice(0, 7), whole.slice(7, 20), whole.slice(20)].map(text);
  expect(await codesOf(written(...parts))).toEqual([]);
  expect((await verifyLedger(written(...parts.slice(1)), { keys: [key], now, part: true })).problems).toEqual([]);
  expect(await codesOf(written(...parts.slice(1)))).toEqual(["STO-517"]);
  expect(await codesOf([])).toEqual([]);
});

test("a line's hash follows from its content by public rules alone", () => {
  const { hash, ...rest } = JSON.parse(whole[4] ?? "") as { hash: string; record: never };
  expect(createHash("sha256").update(canonical(rest)).digest("hex")).toBe(hash);
  expect(canonical({ b: [1, { z: "\u20ac", a: null }], a: "\n", ü: true, Z: undefined })).toBe('{"a":"\\n","b":[1,{"a":null,"z":"€"}],"ü":true}');
});

const begin = 0;
const middle = 15;
const end = whole.length - 1;
const replaced = (index: number, change: (line: string) => string) => whole.map((line, i) => (i === index ? change(line) : line));
const flipped = (what: string) => (line: string) => {
  const place = line.indexOf(what);
  if (place < 0) throw new Error(what);
  const digit = line.charCodeAt(place + what.length - 1);
  return `${line.slice(0, place + what.length - 1)}${String.fromCharCode(digit ^ 1)}${line.slice(place + what.length)}`;
};
const swapped = (a: number, b: number) => whole.map((line, i) => (i === a ? (whole[b] ?? "") : i === b ? (whole[a] ?? "") : line));
const without = (...which: number[]) => whole.filter((_, i) => !which.includes(i));
const forged = (index: number, by: Signer) => {
  const lines = whole.slice(0, index);
  const last = JSON.parse(lines.at(-1) ?? "") as { n: number; hash: string };
  return [...lines, lineAfter(last, { checkpoint: { ...signed(last, "ab".repeat(16), at, by) } }).line, ...whole.slice(index + 1)];
};
const checkpoints = whole.flatMap((line, i) => (line.includes('"checkpoint"') ? [i] : []));
const other = ledger(30, { name: "ef".repeat(16) });
const edit = (index: number, from: string, to: string) => replaced(index, (line) => line.replace(from, to));

/** Everything here is by somebody who can write the files and does not have the key. */
const tampered: readonly (readonly [string, readonly string[] | string])[] = [
  ...['"agreement":"B', '"at":"2', '"kind":"i', '"lane":"l', '"level":"p', '"message":1', '"owners":["n', '"partner":"e', '"purpose":"T', '"ids":["c', '"hash":"', '"n":1', '"prev":"', '"record"'].map(
    (what) => [`a bit in ${what}`, replaced(middle, flipped(what))] as const,
  ),
  ["a digit of the hash", replaced(middle, (line) => `${line.slice(0, 9)}${line[9] === "0" ? "1" : "0"}${line.slice(10)}`)],
  ["a digit of prev", replaced(middle, (line) => line.replace(/"prev":"(.)/, (_, digit: string) => `"prev":"${digit === "0" ? "1" : "0"}`))],
  ["a recipient renamed", edit(middle, '"partner":"ehr"', '"partner":"lab"')],
  ["a field removed", edit(middle, '"agreement":"BAA-1",', "")],
  ["a field added", edit(middle, '"kind":"intent"', '"inside":true,"kind":"intent"')],
  ["the first line removed", without(begin)],
  ["a line in the middle removed", without(middle)],
  ["several lines removed", without(middle, middle + 1, middle + 2)],
  ["the line before the last removed", without(end - 1)],
  ["the last checkpoint removed", without(end)],
  ["a checkpoint in the middle removed", without(checkpoints[1] ?? 0)],
  ["all checkpoints removed", without(...checkpoints)],
  ["all checkpoints removed, and the rest chained anew", rechained(without(...checkpoints))],
  ["the last checkpoint removed, and an end made up", rechained([...without(end), whole[middle] ?? ""])],
  ["a line put in at the beginning", [whole[middle] ?? "", ...whole]],
  ["a line put in", [...whole.slice(0, middle), other[middle] ?? "", ...whole.slice(middle)]],
  ["a line put in at the end", [...whole, other[middle] ?? ""]],
  ["a line appended that follows", [...whole, lineAfter(JSON.parse(whole[end] ?? "") as never, { kind: "intent", at }).line]],
  ["the first line doubled", [whole[begin] ?? "", ...whole]],
  ["a line doubled", [...whole.slice(0, middle), ...whole.slice(middle - 1)]],
  ["the last line doubled", [...whole, whole[end] ?? ""]],
  ["the first two lines swapped", swapped(0, 1)],
  ["two neighbours swapped", swapped(middle, middle + 1)],
  ["two distant lines swapped", swapped(3, 25)],
  ["the last two lines swapped", swapped(end, end - 1)],
  ["all lines in reverse", [...whole].reverse()],
  ["an edit, and every hash behind it computed anew", rechained(edit(middle, '"partner":"ehr"', '"partner":"lab"'))],
  ["an edit of the very first line, and every hash computed anew", rechained(edit(begin, at, "2025-01-05T08:00:00.000Z"))],
  ["an edit just before the last checkpoint, chained anew", rechained(edit(end - 1, '"partner":"ehr"', '"partner":"lab"'))],
  ["a removal, chained anew", rechained(without(middle))],
  ["a checkpoint of another key", forged(checkpoints[0] ?? 0, stranger)],
  ["the last checkpoint of another key", forged(end, stranger)],
  ["a checkpoint of another key that claims to be of ours", replaced(end, (line) => line.replace(/"sig":"[^"]*"/, `"sig":"${signed({ n: end, hash: genesis }, "ab".repeat(16), at, stranger).sig}"`))],
  ["a checkpoint's signature from another line", rechained(replaced(end, (line) => line.replace(/"sig":"[^"]*"/, `"sig":"${anchorOf(whole.slice(0, 12)).sig}"`)))],
  ["a checkpoint moved to a later time", rechained(replaced(end, (line) => line.replace(at, "2026-02-05T08:00:00.000Z")))],
  ["an older checkpoint at the end", rechained([...without(end), whole[checkpoints[0] ?? 0] ?? ""])],
  ["the whole ledger by another key", ledger(30, { by: stranger })],
  ["two ledgers one behind the other", [...whole, ...other]],
  ["half a ledger and the rest of another", [...whole.slice(0, middle), ...other.slice(middle)]],
  ["a ledger whose beginning is no beginning", rechained([whole[1] ?? "", ...whole.slice(1)])],
  ["line ends of another system", whole.map((line) => `${line}\r`)],
  ["one line end of another system", replaced(middle, (line) => `${line}\r`)],
  ["blanks behind a line", replaced(middle, (line) => `${line} `)],
  ["blanks before a line", replaced(middle, (line) => ` ${line}`)],
  ["blanks within a line", replaced(middle, (line) => line.replace('"lane":', '"lane": '))],
  ["keys in another order", replaced(middle, (line) => line.replace('"partner":"ehr","patients"', '"patients"').replace(/\}\}$/, ',"partner":"ehr"}}'))],
  ["a character as an escape", replaced(middle, (line) => line.replace('"lane":"l', '"lane":"\\u006c'))],
  ["an empty line", [...whole.slice(0, middle), "", ...whole.slice(middle)]],
  ["a line of text", [...whole.slice(0, middle), "nothing to see here", ...whole.slice(middle)]],
  ["the last line end cut off", text(whole).slice(0, -1)],
  ["the last line cut in two", text(whole).slice(0, -40)],
  ["cut off a checkpoint", whole.slice(0, middle)],
  ["a mark of byte order", `\uFEFF${text(whole)}`],
  ["bytes of zero at the end", `${text(whole)}\0\0\0`],
];

test.each(tampered)("found: %s", async (_, lines) => {
  const paths = written(typeof lines === "string" ? lines : text(lines));
  expect(readFileSync(paths[0] ?? "", "utf8")).not.toBe(text(whole));
  expect(await codesOf(paths)).not.toEqual([]);
});

describe("with a checkpoint that was kept elsewhere", () => {
  const later = ledger(60);
  const anchor = anchorOf(later);
  test.each([
    ["cut at a checkpoint", whole.slice(0, (checkpoints[1] ?? 0) + 1)],
    ["an older copy", whole],
    ["nothing left", []],
    ["another ledger of the same key", other],
  ] as const)("found: %s", async (_, lines) => {
    expect(await codesOf(written(text(lines)))).toEqual([]);
    expect(await codesOf(written(text(lines)), [anchor])).not.toEqual([]);
  });

  test("rolled back, and gone on with by the engine itself", async () => {
    const other = ledger(80, { every: 7 });
    expect(await codesOf(written(text(other)))).toEqual([]);
    expect(await codesOf(written(text(other)), [anchor])).toEqual(["STO-516"]);
  });

  test("the ledger itself, and what came after, is well; a forged one convinces nobody", async () => {
    expect(await codesOf(written(text(later)), [anchor, anchorOf(later.slice(0, 12))])).toEqual([]);
    expect(await codesOf(written(text(later)), [signed({ n: 5, hash: genesis }, "ab".repeat(16), at, stranger)])).toEqual(["STO-513"]);
    const { anchorsOutside, problems } = await verifyLedger(written(text(later.slice(30, 40))), { keys: [key], anchors: [anchor], part: true });
    expect([anchorsOutside, problems]).toEqual([1, []]);
  });

  test("files in the wrong order, one missing, one twice", async () => {
    const [a = "", b = "", c = ""] = written(...[whole.slice(0, 7), whole.slice(7, 20), whole.slice(20)].map(text));
    for (const paths of [[b, a, c], [a, c], [a, b, b, c], [a, b]]) expect(await codesOf(paths)).not.toEqual([]);
  });
});

test("an end that is not signed yet is well for a minute; a long stretch never is", async () => {
  const open = whole.slice(0, -1);
  const asked = async (ms: number) => (await verifyLedger(written(text(open)), { keys: [key], now: Date.parse(at) + ms })).problems.map(({ code }) => code);
  expect(await asked(30_000)).toEqual([]);
  expect(await asked(61_000)).toEqual(["STO-514"]);
  const long = ledger(1500, { every: 5000 });
  expect(await codesOf(written(text(long)))).toEqual(["STO-514"]);
});

test("random bytes changed in random places are always found", async () => {
  const bytes = Buffer.from(text(whole));
  let seed = 7;
  const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8;
  for (let i = 0; i < 200; i++) {
    const copy = Buffer.from(bytes);
    const place = next() % copy.length;
    copy[place] = (copy[place] ?? 0) ^ (1 << (next() % 8));
    const [path = ""] = written("");
    writeFileSync(path, copy);
    expect(await codesOf([path]), `${place}`).not.toEqual([]);
  }
});
