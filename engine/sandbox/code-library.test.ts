import { afterAll, beforeAll, expect, test } from "vitest";
import type { CodeModule, CodeSpec } from "../config/project.ts";
import { message, type OpenedSandbox, openSandbox, program } from "./samples.ts";

let sandbox: OpenedSandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

/** A transform in `transforms/ward.ts` beside the files of a library. */
function code(text: string, files: Readonly<Record<string, string>>): CodeSpec {
  const modules: CodeModule[] = Object.entries(files).map(([file, text]) => ({ file, text, language: /ts$/.test(file) ? "ts" : "js" }));
  return { text, language: "ts", form: "module", file: "transforms/ward.ts", line: 1, indent: 0, modules };
}

async function run(transform: CodeSpec) {
  const loaded = program({ transform });
  expect(await sandbox.load(loaded)).toEqual([]);
  const [first, second] = [await sandbox.run(loaded.channel, message()), await sandbox.run(loaded.channel, message())];
  expect(second).toEqual(first);
  return first.results[0];
}

const mistakes = async (transform: CodeSpec) => (await sandbox.load(program({ transform }))).map(({ code, at, message }) => `${code} ${at.file}:${at.line}:${at.column} ${message.split(": ")[1]}`);

test("a transform imports functions, constants and defaults of other files, and these of others", async () => {
  const result = await run(
    code('import shout, { mark as signed } from "../lib/words.ts";\nimport * as all from "../lib/words.ts";\nexport default (msg: Hl7Message): string => shout(signed(all.word));', {
      "lib/words.ts": 'import { sign } from "./deep/sign.js";\nexport const word: string = "hello";\nexport function mark(text: string) { return text + sign; }\nexport default (text: string) => text.toUpperCase();',
      "lib/deep/sign.js": 'const sign = "!";\nexport { sign };',
    }),
  );
  expect(result).toMatchObject({ kind: "output", text: "HELLO!" });
});

test("nothing of a library outlasts a message, and a file that two import is one for both", async () => {
  const files = {
    "lib/count.ts": "let n = 0;\nexport const next = () => ++n;",
    "lib/twice.ts": 'import { next } from "./count.ts";\nexport const twice = () => [next(), next()];',
  };
  const text = 'import { next } from "../lib/count.ts";\nimport { twice } from "../lib/twice.ts";\nexport default () => [...twice(), next()];';
  expect(await run(code(text, files))).toMatchObject({ text: "[1,2,3]" });
});

test("the helpers are in scope of a library too, and an import may take the name of one", async () => {
  const files = { "lib/log.ts": 'export const seven = () => extension({ extension: [{ url: "a/b", value: 7 }] }, "b").value;' };
  expect(await run(code('import { seven as log } from "../lib/log.ts";\nexport default () => [log()];', files))).toMatchObject({ text: "[7]" });
});

test("an error in a library has its place there", async () => {
  const files = { "lib/bad.ts": "// one\nexport function bad(): never {\n  throw new Error(\"x\");\n}" };
  expect(await run(code('import { bad } from "../lib/bad.ts";\nexport default () => bad();', files))).toMatchObject({ kind: "failed", code: "SBX-201", at: { file: "lib/bad.ts", line: 3 } });
});

test("a default export that is no function fails the message", async () => {
  expect(await run(code("const answer: number = 42;\nexport default answer;", {}))).toMatchObject({ kind: "failed", code: "SBX-210" });
});

test("what cannot be imported is said at the import", async () => {
  const main = 'export default () => 1;';
  expect(await mistakes(code(`import fs from "node:fs";\n${main}`, {}))).toEqual(['SBX-103 transforms/ward.ts:1:1 "node:fs" is no code file of the project']);
  expect(await mistakes(code(`import { a } from "../../outside.ts";\n${main}`, {}))).toEqual(['SBX-103 transforms/ward.ts:1:1 "../../outside.ts" is no code file of the project']);
  expect(await mistakes(code(`\nimport { a } from "../lib/none.ts";\n${main}`, {}))).toEqual(["SBX-103 transforms/ward.ts:2:1 there is no file lib/none.ts"]);
  expect(await mistakes(code(`import { b } from "../lib/a.ts";\n${main}`, { "lib/a.ts": "export const a = 1;" }))).toEqual(['SBX-105 transforms/ward.ts:1:1 lib/a.ts exports no "b"']);
  const circle = { "lib/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;', "lib/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;' };
  expect(await mistakes(code(`import { a } from "../lib/a.ts";\n${main}`, circle))).toEqual(["SBX-103 lib/b.ts:1:1 lib/a.ts is imported in a circle"]);
  expect(await mistakes(code(`import { a } from "../lib/a.ts";\n${main}`, { "lib/a.ts": "export const a = (;" }))).toEqual([expect.stringMatching(/^SBX-101 lib\/a\.ts:1:\d+/)]);
});
