import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { detectFormat } from "../codec/index.ts";
import type { Channel } from "../config/project.ts";
import { accessNotice, type AccessRecord, type Purpose } from "../console/index.ts";
import { givenMessage } from "../runtime/given.ts";
import type { Operations } from "../runtime/operations.ts";

/** A message to be tried, and what to call it. */
export interface DevMessage {
  readonly name: string;
  readonly raw: Uint8Array;
}

/** What was received is shown on purpose alone, and each look is recorded. */
export interface LastReceived {
  readonly operations: Operations;
  readonly purpose: Purpose;
  readonly access: AccessRecord;
}

/**
 * The message that a save of the channel is tried with: that of its first test, else the first fixture in its format; with `last`, the one it
 * received last. Nothing when there is none.
 */
export async function devMessage(channel: Channel, root: string, last?: LastReceived): Promise<DevMessage | undefined> {
  if (last) return lastReceived(channel, last);
  const [test] = channel.tests;
  if (test) return { name: test.name, raw: givenMessage(channel, test, root) };
  const folder = join(root, "fixtures");
  if (!existsSync(folder)) return undefined;
  for (const name of readdirSync(folder).toSorted()) {
    if (name.startsWith(".")) continue;
    const raw = readFileSync(join(folder, name));
    if (detectFormat(raw.toString("utf8")) === channel.source.format) return { name: `fixtures/${name}`, raw };
  }
  return undefined;
}

/** Whether an edit of one of these files changes the message that is tried. */
export function isGivenBy(channel: Channel, files: ReadonlySet<string>): boolean {
  const file = channel.tests[0]?.given.file;
  return file === undefined ? channel.tests.length === 0 && [...files].some((name) => name.startsWith("fixtures/")) : files.has(file);
}

async function lastReceived(channel: Channel, { operations, purpose, access }: LastReceived): Promise<DevMessage | undefined> {
  const [latest] = operations.messages({ channel: channel.name, limit: 1 });
  if (!latest) return undefined;
  const seen = { message: latest.id, purpose, as: "show", parts: ["raw"] } as const;
  access.record(seen);
  await operations.disclose(accessNotice(seen));
  const raw = operations.message(latest.id)?.raw;
  return raw && { name: `m${latest.id}, received last`, raw: raw.bytes };
}
