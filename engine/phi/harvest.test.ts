import { describe, expect, test } from "vitest";
import type { Tree } from "../codec/tree.ts";
import type { Format } from "../sdk/index.ts";
import { mostValues } from "./collector.ts";
import { createBoundary } from "./index.ts";
import { destination, envelope, only, partner, tree, label } from "./testing/given.ts";

const boundary = createBoundary();

function refuses(raw: string, format: Format, note: string): boolean {
  const harvest = boundary.harvest(tree(raw, format), format);
  const input = { envelope: envelope(JSON.stringify({ note })), harvest, label: label("none") };
  return boundary.guard({ ...input, destination: destination({ only }), partner: partner() })?.code === "PHI-201";
}

const hl7 = (pid: string) => `MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X|P|2.5\rPID|${pid}`;

test.each([
  ["the street as a whole", "123 Main St"],
  ["a part of the street", "Main St"],
])("a divided street is looked for by its parts: %s", (_, note) => {
  expect(refuses(hl7("1||||||||||123 Main St&Main St&123^^Millbrook"), "hl7v2", note)).toBe(true);
});

test.each(["Lindqvist", "Jane Lindqvist", "van der Lindqvist", "Lindqvist, Jane"])("a divided family name is looked for by its parts: %s", (note) => {
  expect(refuses(hl7("1||||van der Lindqvist&van der&Lindqvist^Jane"), "hl7v2", note)).toBe(true);
});

test("a short family name with an empty prefix stays one name", () => {
  expect(refuses(hl7("1||||Lee&&Lee^Jane"), "hl7v2", "Jane Lee")).toBe(true);
});

describe("a surname that stands for nobody elsewhere", () => {
  test.each(["Shaun Other", "OTHER, Shaun", "S. Other", "SB Other", "Other", "Other, S"])("is one beside a given name: %s", (note) => {
    expect(refuses(hl7("1||||Other^Shaun^B"), "hl7v2", note)).toBe(true);
    expect(refuses("patient_last_name,patient_first_name\nOther,Shaun\n", "csv", note)).toBe(true);
    expect(refuses(JSON.stringify({ patientName: "Shaun Other" }), "json", note)).toBe(true);
  });
  test.each(["Other", "Unknown^Patient", "Test^Test", "Other^^"])("is none without: %s", (name) => {
    expect(refuses(hl7(`1||||${name}`), "hl7v2", "other unknown patient test")).toBe(false);
  });
  test("leaves words and literals of a format alone", () => {
    const look = (family: string, body: string) => {
      const input = { envelope: envelope(body), harvest: boundary.harvest(tree(hl7(`1||||${family}^Shaun`)), "hl7v2"), label: label("deidentified", [], { method: "safe-harbor" }) };
      return boundary.guard({ ...input, destination: destination({ sends: "deidentified" }), partner: partner() })?.code;
    };
    expect(look("True", '{"resourceType":"Patient","active":true,"x":[ true ]}')).toBeUndefined();
    expect(look("True", '{"resourceType":"Patient","active":"true"}')).toBe("PHI-201");
    expect(look("Other", '{"resourceType":"Patient","gender":"other"}')).toBeUndefined();
    expect(look("Other", '{"resourceType":"Patient","text":"other"}')).toBe("PHI-201");
  });
});

test.each(["90017734", "Mulberry-Elm", "1980-01-02"])("a key of JSON that is no plain identifier is a value: %s", (key) => {
  expect(refuses(JSON.stringify({ patients: [{ [key]: {} }] }), "json", key)).toBe(true);
});

test.each(["Jane Lindqvist", "Lindqvist, Jane", "Lindqvist"])("a value written as a name is one, in any order, whatever its key is called: %s", (note) => {
  expect(refuses(JSON.stringify({ seen: "Jane Lindqvist" }), "json", note)).toBe(true);
});

test("keys that programs write are no values", () => {
  expect(refuses(JSON.stringify({ appointment: {}, a: { status_code: 1, "x-1": {} } }), "json", "appointment status_code x-1")).toBe(false);
});

describe("a message with more values than are looked for", () => {
  const look = (raw: Tree, format: Format = "hl7v2") => {
    const input = { envelope: envelope(JSON.stringify({ note: "x" })), harvest: boundary.harvest(raw, format), label: label("none") };
    return boundary.guard({ ...input, destination: destination({ only }), partner: partner() });
  };
  const refusal = { code: "PHI-212", rule: "identifiers" };
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => 1_000_000 + i);

  test("is refused when the ceiling is reached, not when all of it was read", () => {
    const whole = tree(hl7(`1||${numbers(800_000).join("~")}`), "hl7v2");
    let read = 0;
    const counted: Tree = { type: whole.type, values: (path) => whole.values(path), toString: () => whole.toString(), *leaves() {
      for (const leaf of whole.leaves()) {
        read++;
        yield leaf;
      }
    } };
    expect(look(counted)).toEqual(refusal);
    expect(read).toBe(mostValues + 1);
    expect(look(counted)).toEqual(refusal);
    expect(read).toBe(mostValues + 1);
  });
  test("in one text too", () => {
    expect(look(tree(numbers(mostValues + 1).join(" "), "text"), "text")).toEqual(refusal);
  });
  test("a large one below it is searched", () => {
    const raw = hl7(`1||${numbers(mostValues - 100).join("~")}`);
    expect(look(tree(raw, "hl7v2"))).toBeUndefined();
    expect(refuses(raw, "hl7v2", `patient ${1_000_000 + mostValues - 101}`)).toBe(true);
  });
});
