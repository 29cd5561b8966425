import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import dictionary from "../../../../schemas/hl7v2/dictionary.json" with { type: "json" };
import { fieldCounts, rowsOf } from "../../../../schemas/deidentify/make-hl7v2.ts";
import { parseHl7 } from "../../../codec/index.ts";
import { fieldCount, fieldOf, segmentsOf, versions } from "../../../codec/hl7v2/dictionary/index.ts";
import { type Given, lowered } from "../given.fixture.ts";
import { rows } from "./table.ts";

const planted = {
  word: (n: number) => `Qzvxk${n}Jwq`,
  digits: (n: number) => `9${String(n).padStart(3, "0")}7731046`,
  ssn: (n: number) => `9${String(n % 100).padStart(2, "0")}-47-86${String(n % 90 + 10)}`,
  date: (n: number) => `1977${String((n % 9) + 1).padStart(2, "0")}${String((n % 18) + 10)}23${String((n % 49) + 10)}`,
  symbols: (n: number) => `Ö'Vxk-${n}/Qz`,
} as const;

type Kind = keyof typeof planted;
const kinds = Object.keys(planted) as Kind[];

interface Planted {
  readonly text: string;
  readonly values: readonly { readonly kind: Kind; readonly value: string }[];
}

/** A message of the newest version that has the field, with a value of its own in every subcomponent of every component: a repetition for each kind of value, `first` first. */
function plant(path: string, first: Kind): Planted {
  const [segment = "", at = ""] = path.split("-");
  const field = Number(at);
  const version = versions.findLast((each) => fieldOf(each, segment, field) !== undefined) ?? "2.8";
  const values: { kind: Kind; value: string }[] = [];
  const next = (kind: Kind) => {
    const value = planted[kind](values.length + 1);
    values.push({ kind, value });
    return value;
  };
  const of = (count: number, separator: string, make: () => string) => Array.from({ length: count }, make).join(separator);
  const content = [first, ...kinds.filter((kind) => kind !== first)].map((kind) => of(23, "^", () => of(2, "&", () => next(kind)))).join("~");
  const head = ["MSH", "^~\\&", "", "", "", "", "", "", "ORU^R01", "C1", "P", version];
  const isHeader = /^(?:MSH|FHS|BHS)$/.test(segment);
  const own = isHeader ? [segment, "^~\\&"] : [segment, ...Array.from({ length: field }, (_, i) => (segment === "OBX" && i === 2 ? "2345-7^^LN" : ""))];
  const place = isHeader ? field - 1 : field;
  if (segment === "MSH") head[place] = content;
  else own[place] = content;
  const lines = segment === "MSH" ? [head] : isHeader ? [own, head] : [head, own];
  return { text: lines.map((line) => Array.from(line, (each) => each ?? "").join("|")).join("\r"), values };
}

function surviving(path: string, first: Kind, given?: Given): Planted["values"] {
  const { text, values } = plant(path, first);
  const out = lowered(text, given).toLowerCase();
  return values.filter(({ value }) => out.includes(value.toLowerCase()));
}

describe("the table of HL7 v2", () => {
  it("has a row for every field of every segment of every version", () => {
    const missing = versions.flatMap((version) =>
      segmentsOf(version).flatMap((segment) => Array.from({ length: fieldCount(version, segment) ?? 0 }, (_, i) => `${segment}-${i + 1}`).filter((path) => !rows.has(path))),
    );
    expect(missing).toEqual([]);
    expect(rows.size).toBe(Object.values(dictionary.segments).reduce((sum, text) => sum + text.split("|").length - 1, 0));
  });
  it("is what its rules make", () => {
    expect(() => execFileSync(process.execPath, ["schemas/deidentify/make-hl7v2.ts", "--check"])).not.toThrow();
  });
  it("two rules for one field, a rule of no field and a rule without actions stop the making", () => {
    const counts = fieldCounts(dictionary);
    const make = (...all: string[][]) => () => rowsOf({ sets: {}, rows: all }, counts);
    expect(make(["PID-5", "A", "rm", "rm"], ["PID-4-6", "A", "rm", "rm"])).toThrow("two rules for PID-5");
    expect(make(["PID-99", "A", "rm", "rm"])).toThrow("PID-99 is no field");
    expect(make(["PID-5", "A", "rm"])).toThrow("class and two actions");
    expect(make(["NK1-*", "A", "rm", "rm"], ["NK1-3", "-", "rm", "code"])().find(([path]) => path === "NK1-3")?.[3]).toBe("code");
  });
});

const all = [...rows.keys()].filter((path) => !/^(?:[MFB]HS-[12]|MSH-[12]|ED-\d+)$/.test(path));

describe.each(["word", "digits", "date"] as const)("values in every component of every repetition, %s first", (first) => {
  it("Safe Harbor lets none stand", () => {
    expect(all.flatMap((path) => surviving(path, first).map(({ value }) => `${path} ${value}`))).toEqual([]);
  }, 60_000);

  it("a limited data set lets dates stand where its column says so, and nothing else", () => {
    const limited: Given = { spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } };
    const wrong = all.flatMap((path) => {
      const action = rows.get(path)?.limited.action ?? "";
      const left = surviving(path, first, limited);
      const isDated = ["date", "birth", "timing"].includes(action) || path === "MSH-7";
      const mayStand = isDated && (first === "date" || path !== "MSH-7");
      if (mayStand && left.length === 0) return [`${path} lost its dates`];
      return left.filter(({ kind }) => !isDated || kind !== "date").map(({ value }) => `${path} ${value}`);
    });
    expect(wrong).toEqual([]);
  }, 60_000);
});

it("what is written is read again, by itself and by the codec", () => {
  for (const path of all) {
    const once = lowered(plant(path, "word").text);
    expect(parseHl7(once).toString()).toBe(once);
    expect(parseHl7(once).segments[0]?.name).toBe("MSH");
  }
});
