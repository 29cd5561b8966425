import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "./limits.ts";
import { scalars, toPlain } from "./node.ts";
import { parseYaml } from "./parse.ts";
import { placed } from "./place.ts";

describe("parseYaml", () => {
  it("gives every value and key its place", () => {
    const { node } = parseYaml("x.yaml", "a: 1\nb:\n  - { c: text }\n");
    const place = placed("x.yaml", node as NonNullable<typeof node>);
    expect(place.at("b", 0, "c")).toMatchObject({ file: "x.yaml", line: 3, column: 10, endLine: 3, endColumn: 14 });
    expect(place.atKey("b", 0, "c")).toMatchObject({ line: 3, column: 7, endColumn: 8 });
    expect(place.at("b", 0, "gone")).toMatchObject({ line: 3, column: 5 });
  });

  it("reads words of YAML 1.1 as text and leaves merge keys alone", () => {
    const { node } = parseYaml("x.yaml", "a: on\nb: 0o17\n<<: 3\n");
    expect(toPlain(node as NonNullable<typeof node>)).toEqual({ a: "on", b: 15, "<<": 3 });
  });

  it("takes a key __proto__ as a key like any other", () => {
    const { node } = parseYaml("x.yaml", "__proto__: { polluted: true }\n");
    const plain = toPlain(node as NonNullable<typeof node>) as Record<string, unknown>;
    expect(Object.keys(plain)).toEqual(["__proto__"]);
    expect(plain.polluted).toBeUndefined();
  });

  it("refuses a bomb by its first alias, in little time", () => {
    const rows = Array.from({ length: 40 }, (_, i) => `k${i}: &a${i} [${i === 0 ? "x" : Array(10).fill(`*a${i - 1}`).join(", ")}]`);
    const start = performance.now();
    const { diagnostics, node } = parseYaml("bomb.yaml", rows.join("\n"));
    expect(diagnostics.map((d) => [d.code, d.at.line, d.at.column])).toEqual([["CFG-104", 2, 10]]);
    expect(node).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it.each([
    ["in brackets", "[".repeat(100_000)],
    ["in braces", "{a: ".repeat(100_000)],
    ["in lists", "- ".repeat(100_000)],
    ["in keys", Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
  ])("stops at depth %s before anything recursive runs", (_, text) => {
    expect(parseYaml("deep.yaml", text).diagnostics.map((d) => d.code)).toEqual(["CFG-103"]);
  });

  it("allows the depth that is allowed", () => {
    const text = `${"[".repeat(limits.depth)}x${"]".repeat(limits.depth)}`;
    expect(parseYaml("x.yaml", text).diagnostics).toEqual([]);
  });

  it("never throws, and points into the text", () => {
    const piece = fc.constantFrom("a", ":", " ", "\n", "- ", "[", "]", "{", "}", '"', "'", "|", ">", "&x", "*x", "!t", "#", "\t", "---", "012", "  ", "? ");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join("");
        const { node, diagnostics } = parseYaml("x.yaml", text);
        expect(node !== undefined || diagnostics.length > 0).toBe(true);
        const lines = text.split("\n").length;
        const ranges = [...diagnostics.map((d) => d.at), ...(node ? [...scalars(node)].map((s) => s.node.at) : [])];
        for (const at of ranges) {
          expect(at.line).toBeGreaterThanOrEqual(1);
          expect(at.line).toBeLessThanOrEqual(lines + 1);
          expect(at.column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
