import { expect, test } from "vitest";
import { commands } from "./commands.ts";
import { flagWords } from "./flag-words.ts";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";

test("every flag of every command says what it means, and what it takes when it takes something", async () => {
  const silent: string[] = [];
  for (const [name, load] of Object.entries(commands)) {
    for (const [flag, { type }] of Object.entries((await load()).options)) {
      const [takes, means] = flagWords(name, flag) ?? ["", ""];
      if (means === "" || (type === "string") !== (takes !== "")) silent.push(`${name} --${flag}`);
    }
  }
  expect(silent).toEqual([]);
});

test("help shows them in a column", async () => {
  const terminal = sampleTerminal();
  expect(await main(["send", "--help"], terminal)).toBe(0);
  expect(terminal.outs.join("\n")).toMatch(/--to URL {2,}where to/);
});
