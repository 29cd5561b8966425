import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { blocksOf } from "./blocks.ts";
import { missingLine } from "./expected.ts";
import { follow } from "./follow.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-follow-"));
const env = { PATH: process.env["PATH"] };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = (...blocks: readonly string[]) => blocks.map((block) => `\`\`\`${block}\n\`\`\`\n`).join("\nWords.\n\n");

test("blocks have their words, text and line", () => {
  expect(blocksOf("a\n```yaml x/y.yaml\nk: 1\n```\n")).toEqual([{ language: "yaml", words: ["x/y.yaml"], text: "k: 1\n", line: 2 }]);
  expect(() => blocksOf("```sh\nls")).toThrow(RangeError);
});

test("shown lines must come, in order, with anything for …", () => {
  expect(missingLine("one\ntwo   2 ms\nthree\n", "one\ntwo … ms\n")).toBeUndefined();
  expect(missingLine("two\none\n", "one\ntwo\n")).toBe("two");
  expect(missingLine("one and more", "one")).toBe("one");
});

test("a page is done as it says", async () => {
  expect(await follow(page("txt sub/a.txt\nhello", "sh\ncd sub\ncat a.txt", "text\nhello", "sh\nls", "text\na.txt"), folder, env)).toBeUndefined();
  expect(readFileSync(join(folder, "sub/a.txt"), "utf8")).toBe("hello\n");
});

test("what stays is waited for, and is there for the blocks after it", async () => {
  const stays = page("sh stays\necho up; sleep 60", "text\nup", "sh\necho more");
  expect(await follow(stays, folder, env)).toBeUndefined();
});

test("what is still under way is looked at again, and not for ever", async () => {
  expect(await follow(page("sh stays\n(sleep 1; touch done.txt) & echo up; sleep 60", "text\nup", "sh again\nls", "text\ndone.txt"), folder, env)).toBeUndefined();
  expect(await follow(page("sh again\necho a", "text\nb"), folder, env)).toMatchObject({ what: "does not show: b" });
});

test("what stays ends where the page says so", async () => {
  const ends = `${page("sh stays\ntrap 'echo bye >> heard; exit' TERM; echo up; while :; do sleep 0.1; done", "text\nup")}\n<!-- ends 1 -->\n${page("sh\ncat heard", "text\nbye")}`;
  expect(await follow(ends, folder, env)).toBeUndefined();
});

test("a block that fails, fails the page; so does one that should have failed, and a line that does not come", async () => {
  expect(await follow(page("sh\nfalse\necho on"), folder, env)).toMatchObject({ line: 1, what: "ended with 1" });
  expect(await follow(page("sh fails\ntrue"), folder, env)).toMatchObject({ what: "ended with 0" });
  expect(await follow(page("sh\necho a", "text\nb"), folder, env)).toMatchObject({ what: "does not show: b" });
  expect(await follow(page("sh fails\nfalse"), folder, env)).toBeUndefined();
});

test("a page cannot write outside its folder", async () => {
  await expect(follow(page("txt ../x\nno"), folder, env)).rejects.toThrow(RangeError);
});
