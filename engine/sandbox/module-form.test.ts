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
    expect(moduleForm("export default async function go() {}")).toEqual({ text: "               async function go() {}\n$export.f = go;" });
    expect(moduleForm("export default class {}")).toEqual({ text: "$export.f =    class {}" });
  });
  it("an object may have keys named import and export", () => {
    expect(moduleForm("const o = { import: 1, export: 2 }; o.import; export default o")).toHaveProperty("text");
  });
});
