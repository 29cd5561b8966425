import { afterAll, beforeAll, expect, test } from "vitest";
import { adt, body, file, match, message, onlyIf, type OpenedSandbox, openSandbox, program } from "./samples.ts";

let sandbox: OpenedSandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

async function traced(parts: Parameters<typeof program>[0]) {
  const loaded = program(parts);
  expect(await sandbox.load(loaded)).toEqual([]);
  const plain = await sandbox.run(loaded.channel, message());
  const output = await sandbox.run(loaded.channel, { ...message(), trace: true });
  expect({ results: output.results, log: output.log }).toEqual({ results: plain.results, log: plain.log });
  return output.trace?.map(({ destination, step, result }) => [destination ?? "", step, result.kind === "output" ? result.text.split("|")[2] : result.kind]);
}

test("every step's value, the channel's own first; the results are those of an untraced run", async () => {
  const steps = await traced({
    filter: match({ "MSH-3": "APP" }),
    transform: body('msg.set("MSH-3", "ONE"); log("once");'),
    destinations: [
      { name: "a", transform: body('msg.set("MSH-3", uuid() + msg.get("MSH-3"))') },
      { name: "b", filter: onlyIf("return false"), transform: body("return msg") },
      { name: "c", filter: onlyIf("return true") },
      { name: "d" },
      { name: "e", filter: onlyIf("return true"), transform: file("export default () => { throw new Error(1) }") },
    ],
  });
  expect(steps).toEqual([
    ["", "filter", "APP"],
    ["", "transform", "ONE"],
    ["a", "transform", expect.stringMatching(/ONE$/)],
    ["b", "filter", "filtered"],
    ["c", "filter", "ONE"],
    ["e", "filter", "ONE"],
    ["e", "transform", "failed"],
  ]);
});

test("a message that ends in the channel's own steps has no others", async () => {
  expect(await traced({ filter: onlyIf("return false"), destinations: [{ name: "a", transform: body("return 1") }] })).toEqual([["", "filter", "filtered"]]);
  expect(await traced({ filter: onlyIf("return msg.nothing.there"), transform: file("export default (msg) => msg"), destinations: [{ name: "a" }] })).toEqual([["", "filter", "failed"]]);
});

test("new code under the same name is what a trace shows", async () => {
  for (const word of ["ONE", "TWO"]) {
    expect(await traced({ transform: body(`return msg.set("MSH-3", "${word}")`), destinations: [{ name: "a" }] })).toEqual([["", "transform", word]]);
  }
  expect(adt()).toContain("APP");
});
