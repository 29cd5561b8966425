// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are programs
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CodeSpec } from "../config/project.ts";
import { body, file, message, type OpenedSandbox, openSandbox, program } from "./samples.ts";

let sandbox: OpenedSandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

const mistakes = async (transform: CodeSpec) => (await sandbox.load(program({ transform }))).map(({ code, at }) => [code, at.line, at.column, at.endColumn]);

async function thrown(transform: CodeSpec) {
  expect(await sandbox.load(program({ transform }))).toEqual([]);
  const { results, log } = await sandbox.run("lab", message());
  return { result: results[0], log };
}

describe("places of mistakes of syntax", () => {
  it.each([
    ["third line of a block scalar", body("const a = 1;\nconst b = 2;\nconst c = ;"), ["SBX-101", 22, 15, 16]],
    ["first line", body("let x = = 1"), ["SBX-101", 20, 13, 14]],
    ["the end of the code", body("if (true) {\n  msg"), ["SBX-101", 21, 10, 11]],
    ["a body that closes its function", body("}); let kept; (function () {"), ["SBX-101", 20, 5, 6]],
    ["a module", file("const a = 1;\nexport default (msg) => {\n  return msg..x;\n}"), ["SBX-101", 3, 14, 15]],
    ["TypeScript", file("const a: number = 1;\nlet b: = 2;\nexport default () => a;", "ts"), ["SBX-101", 2, 8, 9]],
    ["TypeScript in a body", body("const a: number = 1;\nlet b: = 2;", "ts"), ["SBX-101", 21, 12, 13]],
    ["an enum", file("export default () => 1;\nenum A { B }", "ts"), ["SBX-102", 2, 1, 5]],
    ["an import", file("export default () => 1;\n  import x from './x.ts';", "ts"), ["SBX-103", 2, 3, 9]],
    ["an import inside", file("export default () => import('x')"), ["SBX-103", 1, 22, 28]],
    ["no default export", file("const a = 1;"), ["SBX-104", 1, 1, 6]],
    ["two default exports", file("export default 1;\nexport default 2;"), ["SBX-104", 2, 1, 7]],
    ["exports of another module", file("const a = 1;\nexport { a as default } from './x.ts';"), ["SBX-104", 2, 1, 7]],
  ])("%s", async (_, code, at) => {
    expect(await mistakes(code)).toEqual([at]);
  });
  it("all pieces at once", async () => {
    const found = await sandbox.load(program({ transform: body("let ="), destinations: [{ name: "a", transform: file("import 'x'") }, { name: "b", transform: body("ok(") }] }));
    expect(found.map((each) => each.code).sort()).toEqual(["SBX-101", "SBX-101", "SBX-103"]);
  });
  it("types in place, type imports, named and anonymous functions, exports beside", async () => {
    for (const text of [
      "import type { X } from './x.ts';\nexport const k: number = 1;\nexport default function go(msg: X): unknown { return { k, n: go.name } }",
      "export default function (msg: unknown) { return { k: 1, n: 'go' } }",
      "const go = () => ({ k: 1, n: 'go' }); export default go",
      "export default () => ({ k: 1, n: `${'go'}` /* export default */ });",
      "const s = 'export default 1'; const r = /export default `'/; const t = `a ${`export default ${s}`}`;\nexport default async function () { return { k: 1, n: 'go' } }",
    ]) {
      expect((await thrown(file(text, "ts"))).result).toMatchObject({ text: '{"k":1,"n":"go"}' });
    }
  });
});

describe("places of errors at run time", () => {
  const at = (line: number, column: number, of = "channels/lab.yaml") => ({ kind: "failed", code: "SBX-201", at: { file: of, line, column } });
  it("third line of a block scalar", async () => {
    expect((await thrown(body("const a = 1;\n\n  msg.get('PID-5').nothing.more"))).result).toMatchObject(at(22, 31));
  });
  it("a .ts file, types stripped in place", async () => {
    const text = "const pick = (a: { b?: string }): string => a.b!.trim();\n\nexport default (msg: unknown): string => pick({});";
    expect((await thrown(file(text, "ts"))).result).toMatchObject(at(1, 50, "channels/transforms/lab.ts"));
  });
  it("an error inside the codec points at the line that called it", async () => {
    expect((await thrown(body("log('x');\nmsg.set('no path', 'x')"))).result).toMatchObject(at(21, 9));
  });
  it("after an await", async () => {
    expect((await thrown(body("await 1;\nnull.x"))).result).toMatchObject(at(21, 10));
  });
  it("a rejection that nobody handles", async () => {
    expect((await thrown(body("log(1);\nPromise.reject(new Error('x'));"))).result).toMatchObject(at(21, 20));
  });
  it("the text of the error is with the log, not in the result", async () => {
    const { result, log } = await thrown(body("throw new Error('patient ' + msg.get('PID-5.1'))"));
    expect(JSON.stringify(result)).not.toContain("Rivera");
    expect(log.join()).toContain("Rivera");
  });
  it("a forged stack moves the place nowhere outside the code", async () => {
    const { result } = await thrown(body("throw { stack: 'sluice-code-0:48213:19700101' }"));
    expect(result).toMatchObject(at(20, 5));
  });
});
