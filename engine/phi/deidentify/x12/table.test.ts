import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { places, rowsOf } from "../../../../schemas/deidentify/make-x12.ts";
import { parseX12 } from "../../../codec/x12/index.ts";
import type { Given } from "../given.fixture.ts";
import { rows } from "./table.ts";
import { interchange, lowered } from "./x12.fixture.ts";

const planted = {
  word: (n: number) => `QZVXK${n}JWQ`,
  digits: (n: number) => `9${String(n).padStart(3, "0")}7731046`,
  ssn: (n: number) => `9${String(n % 100).padStart(2, "0")}-47-86${String((n % 90) + 10)}`,
  date: (n: number) => `1977${String((n % 9) + 1).padStart(2, "0")}${String((n % 18) + 10)}`,
  symbols: (n: number) => `Ö'Vxk-${n}/Qz`,
} as const;

type Kind = keyof typeof planted;
const kinds = Object.keys(planted) as Kind[];
const all = [...rows.keys()].filter((path) => !/^(?:ISA|IEA|GS|GE|ST|SE|TA1)-/.test(path));

/** What must be told for a date to stand. */
const beside: Readonly<Record<string, string>> = { DN2: "1", STC: "A1:20" };
const inside: Readonly<Record<string, readonly string[]>> = { HI: ["BH", "11"] };

interface Planted {
  readonly text: string;
  readonly values: readonly { readonly kind: Kind; readonly value: string }[];
}

/** A claim with one segment that has a value of its own in every place of the row, a repetition for each kind, behind what would let it stand. */
function plant(path: string, first: Kind, entity: string): Planted {
  const [, segment = "", at = "", inner = "1"] = /^([A-Z0-9]+)-(\d+)(?:\.(\d+))?$/.exec(path) ?? [];
  const [element, component] = [Number(at), Number(inner)];
  const values: { kind: Kind; value: string }[] = [];
  const next = (kind: Kind) => {
    const value = planted[kind](values.length + 1);
    values.push({ kind, value });
    return value;
  };
  const pieces = (kind: Kind) => [...Array.from({ length: component - 1 }, (_, i) => (i === component - 2 ? "D8" : (inside[segment]?.[i] ?? ""))), next(kind), next(kind)].join(":");
  const content = [first, ...kinds.filter((kind) => kind !== first)].map(pieces).join("^");
  const before = Array.from({ length: element - 1 }, (_, i) => (i === element - 2 ? "D8" : i > 0 ? "" : segment === "NM1" || segment === "N1" ? entity : (beside[segment] ?? "")));
  const name = segment === "NM1" || segment === "N1" ? [] : [`NM1*${entity}*1`];
  return { text: interchange("837", "005010X222A1", ...name, [segment, ...before, content].join("*"), "AMT*F5*1"), values };
}

function surviving(path: string, first: Kind, given?: Given): Planted["values"] {
  return ["IL", "85"].flatMap((entity) => {
    const { text, values } = plant(path, first, entity);
    const out = lowered(text, given).toLowerCase();
    return values.filter(({ value }) => out.includes(value.toLowerCase()));
  });
}

describe("the table of X12", () => {
  it("has a row for every element and component of every segment", () => expect([...rows.keys()]).toEqual(places()));
  it("is what its rules make", () => expect(() => execFileSync(process.execPath, ["schemas/deidentify/make-x12.ts", "--check"])).not.toThrow());
  it("two rules for one element, a rule of no element and a code that the grammar does not know stop the making", () => {
    const make = (...made: string[][]) => () => rowsOf({ rows: made }, ["CLM-1", "CLM-2", "CLM-5.1"], () => []);
    expect(make(["CLM-1", "A", "rm", "rm"], ["CLM-1,2", "A", "rm", "rm"])).toThrow("two rules for CLM-1");
    expect(make(["CLM-99", "A", "rm", "rm"])).toThrow("CLM-99 is no element");
    expect(make(["CLM-1", "A", "rm"])).toThrow("class and two actions");
    expect(make(["CLM-1", "A", "known", "rm"])).toThrow("names no code");
    expect(make(["CLM-*", "A", "rm", "rm"], ["CLM-2", "-", "number", "number"])().rows).toEqual([["CLM-1", "A", "rm", "rm"], ["CLM-2", "-", "number", "number"], ["CLM-5.1", "A", "rm", "rm"]]);
  });
});

describe.each(kinds)("values in every place, %s first", (first) => {
  it("Safe Harbor lets none stand", () => {
    expect(all.flatMap((path) => surviving(path, first).map(({ value }) => `${path} ${value}`))).toEqual([]);
  }, 60_000);
  it("a limited data set lets dates stand where its column says so, and nothing else", () => {
    const limited: Given = { spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } };
    const wrong = all.flatMap((path) => {
      const isDated = ["period", "birth", "date"].includes(rows.get(path)?.limited.action ?? "");
      const left = surviving(path, first, limited);
      if (isDated && first === "date" && left.length === 0) return [`${path} lost its dates`];
      return left.filter(({ kind }) => !isDated || kind !== "date").map(({ value }) => `${path} ${value}`);
    });
    expect(wrong).toEqual([]);
  }, 60_000);
});

it("what is written is read again, and the envelope counts", () => {
  for (const path of all) {
    const once = lowered(plant(path, "date", "IL").text);
    expect(parseX12(once).recount().toString()).toBe(once);
  }
});
