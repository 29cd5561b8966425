// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are programs
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moduleForm } from "./module-form.ts";
import { tokens } from "./tokens.ts";

const words = (source: string) => [...tokens(source)].map((token) => token.text);

describe("tokens", () => {
  it.each([
    ["a / b / c", ["a", "/", "b", "/", "c"]],
    ["a = /export/g", ["a", "="]],
    ["return /[/]export/.test(x)", ["return", ".", "test", "(", "x", ")"]],
    ["(a) / b / 2", ["(", "a", ")", "/", "b", "/"]],
    ["'export' + \"a\\\"export\"", ["+"]],
    ["`export ${ a + `${b} export` } export` c", ["a", "+", "b", "c"]],
    ["`$` + `\\${export}` + `$${a}`", ["+", "+", "a"]],
    ["// export\n/* export\n */ a", ["a"]],
    ["x.export", ["x", ".", "export"]],
    ["1.5e3.toFixed", []],
  ])("%s", (source, expected) => {
    expect(words(source)).toEqual(expected);
  });
  it("end for any text", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."`${}/*\\'\"\n a[](e)") , maxLength: 40 }), (source) => {
      expect(words(source).length).toBeLessThanOrEqual(source.length);
    }));
  });
});

describe("a module as a function body", () => {
  it("keeps every character in its place", () => {
    const source = "export const a = 1;\nexport default (msg) => {\n  return a;\n};";
    const form = moduleForm(source) as { text: string };
    expect(form.text).toBe("       const a = 1;\n$export.f =    (msg) => {\n  return a;\n};");
  });
  it("a named declaration keeps its name, and is exported at the end", () => {
    expect(moduleForm("export default async function go() {}")).toMatchObject({ text: "               async function go() {}\n$export.f = go;" });
    expect(moduleForm("export default class {}")).toMatchObject({ text: "$export.f =    class {}" });
  });
  it("an object may have keys named import and export", () => {
    expect(moduleForm("const o = { import: 1, export: 2 }; o.import; export default o")).toHaveProperty("text");
  });
  it("imports are taken out, every character after them in its place, and become names in scope", () => {
    const source = 'import main, { a, b as c } from "./x.ts"; import * as all from \'../y.js\'\nexport default () => a;';
    const form = moduleForm(source) as Exclude<ReturnType<typeof moduleForm>, { code: string }>;
    expect(form.text).toBe(source.replace(/import[^;\n]*;?/g, (found) => " ".repeat(found.length)).replace("export default", "$export.f =   "));
    expect(form.imports).toEqual([
      { path: "./x.ts", offset: 0, names: [{ imported: "default", local: "main" }, { imported: "a", local: "a" }, { imported: "b", local: "c" }] },
      { path: "../y.js", offset: 42, names: [{ imported: "*", local: "all" }] },
    ]);
  });
  it("a library needs no default, and gathers what it exports", () => {
    const form = moduleForm("export const a = 1;\nexport function f() {}\nconst x = 2;\nexport { x as y };", "library");
    expect(form).toMatchObject({ exports: ["a", "f", "y"] });
    expect((form as { text: string }).text).toMatch(/\n\$export\.all = \{ a: a, f: f, y: x \};$/);
  });
  it.each([
    ["several names in one export", "export const a = 1, b = 2;", "SBX-104"],
    ["a pattern", "export const { a } = o;", "SBX-104"],
    ["an export of another module's names", 'export { a } from "./x.ts";', "SBX-104"],
    ["all of another module", 'export * from "./x.ts";', "SBX-104"],
    ["an import for its effects", 'import "./x.ts";', "SBX-103"],
    ["an import made at run time", 'const x = import("./x.ts");', "SBX-103"],
    ["an import that is no statement", 'if (a) { import { b } from "./x.ts"; }', "SBX-103"],
    ["names that are none", 'import { a-b } from "./x.ts";', "SBX-103"],
  ])("%s is refused", (_, source, code) => {
    expect(moduleForm(source, "library")).toMatchObject({ code });
  });
});
