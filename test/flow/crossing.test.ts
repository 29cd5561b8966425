import { writeFileSync } from "node:fs";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { loadProject } from "../../engine/cli/compose.ts";
import { openReader } from "../../engine/store/index.ts";
import type { Store } from "../../engine/store/store.ts";
import { EngineProcess } from "../ledger/engine-process.ts";
import { ask, codeOf, reasonOf } from "./asking.ts";
import { type Cell, cells, channelFile, type Fate, fatefulWard, idOf, messageOf, projectFiles, rightAck, rightEnd } from "./crossing.ts";
import { engineOnDisk, eventually, freePort } from "./engine-on-disk.ts";

let open: { close(): Promise<unknown> | unknown }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

const fates: readonly Fate[] = ["ok", "flaky", "no", "bad", "ok"];

/** What a sender takes for "not now": the deadline was over, or the engine was stopping. */
const notNow = new Set(["207 FLW-303", "207 FLW-104"]);

/** As a sender asks that is told "not now": again. */
async function answerTo(cell: Cell, number: number, fate: Fate): Promise<string> {
  for (;;) {
    const ack = await ask(cell.port, messageOf(cell, number, fate), 45_000);
    if (!notNow.has(reasonOf(ack) ?? "")) return codeOf(ack) ?? ack;
  }
}

/** Sends the messages of a cell in order, each until it has an answer other than "not now"; says what was answered. */
async function sendAll(cell: Cell, on: (id: string, ack: string) => void, before: (number: number) => Promise<unknown> = async () => {}): Promise<void> {
  for (const [number, fate] of fates.entries()) {
    await before(number);
    on(idOf(cell, number, fate), await answerTo(cell, number, fate));
  }
}

interface Found {
  readonly ends: readonly string[];
  readonly kept: readonly { readonly raw: boolean; readonly sent: boolean }[];
}

/** What the record says of a channel's messages, in the order of acceptance. */
function found(store: Pick<Store, "list" | "message">, cell: Cell): Found {
  const messages = [...store.list({ channel: cell.name, limit: 1000 })].reverse();
  return {
    ends: messages.flatMap(({ entries }) => entries.map(({ state }) => state)),
    kept: messages.map(({ id }) => {
      const detail = store.message(id);
      return { raw: detail?.raw !== undefined, sent: Object.keys(detail?.sent ?? {}).length > 0 };
    }),
  };
}

/** Storage says what is left of a message that has come to a good end; one that waits for a person is kept whole. */
function checkKept(cell: Cell, { ends, kept }: Found): void {
  for (const [index, end] of ends.entries()) {
    const isOver = end === "delivered";
    expect([cell.name, end, kept[index]?.raw], "raw content").toEqual([cell.name, end, !isOver || cell.storage !== "metadata"]);
    if (isOver) expect([cell.name, kept[index]?.sent], "sent content").toEqual([cell.name, cell.storage === "all"]);
  }
}

/** First arrivals, in order, of one channel. */
const firstOf = (arrived: readonly string[], cell: Cell) => [...new Set(arrived.filter((id) => id.startsWith(`${cell.name}.`)))];

/** Without loss, in order, each with one end, and every answer the one that is right for it. */
function checkCell(cell: Cell, now: Found, acks: ReadonlyMap<string, string>, arrived: readonly string[], isKilled: boolean): void {
  expect([cell.name, now.ends.length]).toEqual([cell.name, fates.length]);
  for (const [number, fate] of fates.entries()) {
    const end = now.ends[number] ?? "";
    const id = idOf(cell, number, fate);
    // A first attempt that a kill cut off is made again, and then the partner takes it.
    const right = isKilled && fate === "flaky" ? [rightEnd(cell, fate), "delivered"] : [rightEnd(cell, fate)];
    expect(right, id).toContain(end);
    expect([id, acks.get(id)]).toEqual([id, `${rightAck(cell, fate, end)} ${id}`]);
  }
  const sent = fates.flatMap((fate, number) => (fate === "bad" ? [] : [idOf(cell, number, fate)]));
  expect(firstOf(arrived, cell)).toEqual(sent);
  checkKept(cell, now);
}

test("every storage × ack × queue mode, through a reload of every channel under load", { timeout: 300_000 }, async () => {
  const ward = fatefulWard();
  open.push(ward);
  const wardPort = await freePort();
  await ward.listen(wardPort);
  const table = await cells();
  const disk = await engineOnDisk(projectFiles(table, wardPort));
  open.push(disk);
  const acks = new Map<string, string>();
  const early = new Set<string>();
  // The first two of each channel go before the first reload, the next during the reloads, the last one after them.
  const [begun, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const before = async (number: number) => (number < 2 ? undefined : number < 4 ? begun.promise : done.promise);
  const sending = table.map((cell) =>
    sendAll(
      cell,
      (id, ack) => {
        acks.set(id, ack);
        const waits = cell.ack === "delivered" || cell.ack === "respond";
        if (waits && ack.startsWith("AA") && !ward.arrived.includes(id)) early.add(id);
      },
      before,
    ),
  );
  // Of every channel: one of them may have had two answers before another has its first.
  await eventually(() => table.every((cell) => acks.has(idOf(cell, 0, fates[0] ?? "ok"))), 90_000);
  begun.resolve();
  for (const edit of [1, 2]) {
    for (const cell of table) writeFileSync(join(disk.root, `${cell.name}.yaml`), channelFile(cell, "40s", edit));
    await disk.engine.reload(await loadProject(disk.root));
  }
  done.resolve();
  await Promise.all(sending);
  await eventually(() => disk.engine.operations.status().lanes.every(({ depth }) => depth === 0), 90_000);
  expect([...early], "answered AA before the partner had it").toEqual([]);
  const { operations } = disk.engine;
  const record = { list: operations.messages.bind(operations), message: operations.message.bind(operations) } as unknown as Pick<Store, "list" | "message">;
  for (const cell of table) checkCell(cell, found(record, cell), acks, ward.arrived, false);
  // Every message once, but for the one that was tried twice.
  expect(ward.arrived.length).toBe(table.length * 4 + table.filter(({ queue }) => queue !== "none").length);
  // The last one of each runs as the channel is now, and none before the reload did.
  for (const cell of table) expect(ward.bodies.find((body) => body.includes(`|${idOf(cell, 4, "ok")}|`))).toContain("|REV2|");
  expect(ward.bodies.filter((body) => body.includes(".0.ok|") && !body.includes("|REV0|"))).toEqual([]);
  expect(operations.status().conservationGap).toBe(0);
});

test("every storage × ack × queue mode, `sluice run` killed with SIGKILL under load, twice", { timeout: 300_000 }, async () => {
  const ward = fatefulWard();
  open.push(ward);
  const wardPort = await freePort();
  await ward.listen(wardPort);
  const table = await cells();
  const root = mkdtempSync(join(tmpdir(), "sluice-crossing-"));
  open.push({ close: () => rmSync(root, { recursive: true, force: true }) });
  mkdirSync(root, { recursive: true });
  for (const [name, text] of Object.entries(projectFiles(table, wardPort))) writeFileSync(join(root, name), text);
  let engine = new EngineProcess(root);
  open.push({ close: () => engine.kill() });
  await engine.ready;
  const acks = new Map<string, string>();
  const sending = table.map((cell) => sendAll(cell, (id, ack) => acks.set(id, ack)));
  for (const share of [1, 3]) {
    await eventually(() => acks.size >= table.length * share, 90_000);
    await engine.kill();
    engine = new EngineProcess(root);
    await engine.ready;
  }
  await Promise.all(sending);
  // A sender that lost its answer asks once more: everybody is told the same again, from the record.
  await Promise.all(
    table.map(async (cell) => {
      for (const [number, fate] of fates.entries()) {
        const id = idOf(cell, number, fate);
        await eventually(() => acks.has(id), 90_000);
        acks.set(id, codeOf(await ask(cell.port, messageOf(cell, number, fate), 45_000)) ?? "");
      }
    }),
  );
  const reader = openReader(join(root, ".sluice"));
  try {
    // Who is answered before the partner has it may still have a message on its way.
    await eventually(() => [...reader.counts()].every(({ waiting }) => waiting === 0), 90_000);
    expect(await engine.stop()).toBe(0);
    for (const cell of table) checkCell(cell, found(reader, cell), acks, ward.arrived, true);
    for (const { lane, received, ends, waiting, held } of reader.counts()) {
      expect([lane, Object.values(ends).reduce((sum, count) => sum + count, waiting + held)]).toEqual([lane, received]);
    }
  } finally {
    reader.close();
  }
});

test("every storage × ack × queue mode, while the partner is away and after it is back", { timeout: 300_000 }, async () => {
  const ward = fatefulWard();
  open.push(ward);
  const wardPort = await freePort();
  const table = await cells();
  const disk = await engineOnDisk(projectFiles(table, wardPort, "6s"));
  open.push(disk);
  const waits = ({ ack }: Cell) => ack === "delivered" || ack === "respond";
  const first = new Map<string, string>();
  await Promise.all(
    table.map(async (cell) => {
      const frame = await ask(cell.port, messageOf(cell, 0, "ok"), 10_000);
      first.set(cell.name, [codeOf(frame)?.slice(0, 2), reasonOf(frame)?.slice(4)].filter(Boolean).join(" "));
    }),
  );
  for (const cell of table) {
    // Its one attempt fails, or the deadline comes before it.
    const right = !waits(cell) ? ["AA"] : cell.queue === "none" ? ["AE LAN-101", "AR FLW-303"] : ["AR FLW-303"];
    expect(right, cell.name).toContain(first.get(cell.name));
  }
  await eventually(() => disk.engine.operations.status().lanes.every(({ channel, depth }) => depth === 0 || !channel.endsWith("-none")), 90_000);
  expect(ward.arrived).toEqual([]);
  await ward.listen(wardPort);
  const second = new Map<string, string>();
  await Promise.all(
    table.map(async (cell) => {
      for (const [number, fate] of (["ok", "ok"] as const).entries()) second.set(idOf(cell, number, fate), await answerTo(cell, number, fate));
    }),
  );
  await eventually(() => disk.engine.operations.status().lanes.every(({ depth }) => depth === 0), 90_000);
  for (const cell of table) {
    const lost = cell.queue === "none" && first.get(cell.name) !== "AR FLW-303";
    const [one, two] = [idOf(cell, 0, "ok"), idOf(cell, 1, "ok")];
    expect([one, second.get(one), second.get(two)]).toEqual([one, `${lost && waits(cell) ? "AE" : "AA"} ${one}`, `AA ${two}`]);
    expect(firstOf(ward.arrived, cell)).toEqual(lost ? [two] : [one, two]);
    const lane = disk.engine.operations.status().lanes.find(({ channel }) => channel === cell.name);
    expect([cell.name, lane?.ends.delivered, lane?.ends.dead]).toEqual([cell.name, lost ? 1 : 2, lost ? 1 : 0]);
  }
  expect(ward.arrived.length).toBe(new Set(ward.arrived).size);
  expect(disk.engine.operations.status().conservationGap).toBe(0);
});
