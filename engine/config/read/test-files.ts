import { join } from "node:path";
import { checkOf } from "../check/check.ts";
import { choices } from "../check/suggest.ts";
import type { Channel, TestSpec } from "../project.ts";
import { testFileSchema } from "../schema/tests.ts";
import { checkFile } from "./checked-file.ts";
import { type Reading, readYaml } from "./reading.ts";
import { readTests } from "./tests.ts";
import { map, text } from "./tolerant.ts";

const check = checkOf(testFileSchema);

/** The channels with the tests of `tests/*.yaml` behind their own. Every file names the channel that it tests. */
export function withTestFiles(reading: Reading, channels: readonly Channel[], areAllRead: boolean): Channel[] {
  const areAllNamed = areAllRead && channels.every((channel) => channel.name !== "");
  const more = new Map<string, TestSpec[]>();
  const folder = join(reading.root, "tests");
  for (const name of reading.files.exists(folder) ? reading.files.list(folder) : []) {
    const file = `tests/${name}`;
    const node = /\.ya?ml$/.test(name) ? readYaml(reading, file) : undefined;
    if (!node) continue;
    const checked = checkFile(reading, file, node, check);
    const value = map(checked.value);
    const named = text(value.channel);
    const channel = channels.find((c) => c.name === named);
    const before = [...(channel?.tests ?? []), ...(more.get(named) ?? [])];
    const said = before.flatMap((test) => Object.keys(test.expect));
    const tests = readTests(reading, checked, value.tests, channel?.destinations.map((d) => d.name) ?? [], said);
    if (channel) more.set(named, [...(more.get(named) ?? []), ...tests]);
    else if (areAllNamed && !checked.isBroken(["channel"]) && value.channel !== undefined) {
      const help = choices(named, channels.map((c) => c.name), "channels");
      checked.report({ code: "CFG-168", path: ["channel"], target: "value", message: `there is no channel "${named}"`, help });
    }
  }
  return channels.map((channel) => ({ ...channel, tests: [...channel.tests, ...(more.get(channel.name) ?? [])] }));
}
