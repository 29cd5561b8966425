import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../../engine/cli/main.ts";
import { sampleTerminal } from "../../engine/cli/sample-terminal.ts";
import { openOffice, type Office } from "./desk.ts";
import { tasks } from "./ten-tasks.ts";

/** Ten tasks of an operator, by the command line alone, on a record of 100,000 messages. `npm run -s bench:operator` says how long each takes. */
let office: Office;
beforeAll(async () => {
  office = await openOffice(100_000, 2_000);
}, 400_000);
afterAll(() => office?.close(), 60_000);

test.each(tasks)("$name", async ({ run }) => {
  const cli = async (...argv: string[]) => {
    const terminal = sampleTerminal({ cwd: office.store.root });
    const code = await main(argv, terminal);
    return { code, out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
  };
  await run({ ...office, cli });
  expect(office.store.count).toBe(100_000);
}, 240_000);
