import { describe, expect, it, test } from "vitest";
import { readTree } from "../codec/index.ts";
import type { ClosedList } from "../config/project.ts";
import { capacity } from "./capacity.ts";
import { createBoundary } from "./index.ts";
import { channel, destination, mint, tree } from "./testing/given.ts";

const list: ClosedList = {
  amount: { kind: "integer", minimum: 50, maximum: 100_000, optional: false },
  rate: { kind: "number", minimum: -1, maximum: 1, decimals: 2, optional: true },
  currency: { kind: "const", value: "usd" },
  status: { kind: "enum", values: ["F", "P"], optional: true },
  unit: { kind: "coded", set: "units", values: ["ED", "3W"], optional: true },
  paid: { kind: "boolean", optional: true },
  visitor: { kind: "surrogate", of: "PID-3.1" },
  ref: { kind: "surrogate" },
};

function run(result: string, only: ClosedList = list, raw = tree(), over: Parameters<typeof channel>[0] = {}) {
  const outcome = createBoundary().project({ channel: channel(over), destination: destination({ only }), result, raw, mint });
  return "content" in outcome ? new TextDecoder().decode(outcome.content.bytes) : outcome.refusal;
}

describe("a closed list", () => {
  test("writes anew, in the declared order, with what the engine sets", () => {
    expect(run(' { "status" : "F", "amount": 4e3, "rate": -0 } ')).toBe(
      '{"amount":4000,"rate":0,"currency":"usd","status":"F","visitor":"token-acme-PID-3.1-kept","ref":"token-acme-ref-fresh"}',
    );
  });

  test("gives the same token for the same value at another path, where both say what it names", () => {
    expect(run("{}", { visitor: { kind: "surrogate", of: "PID-3.1", names: "patient" } })).toBe('{"visitor":"token-acme-kind patient-kept"}');
  });

  test.each([
    ["a missing field", "{}", "missing-field", "amount"],
    ["an amount beyond the list, not trimmed", '{"amount":100001}', "integer", "amount"],
    ["a fraction where a whole number belongs", '{"amount":50.5}', "integer", "amount"],
    ["a number as text", '{"amount":"4000"}', "integer", "amount"],
    ["more decimals than declared", '{"amount":50,"rate":0.123}', "number", "rate"],
    ["a word outside the choice", '{"amount":50,"status":"Rivera"}', "enum", "status"],
    ["a code outside the table", '{"amount":50,"unit":"ICU"}', "coded", "unit"],
    ["an array", '{"amount":[50]}', "integer", "amount"],
    ["an object", '{"amount":50,"status":{"F":1}}', "enum", "status"],
    ["null", '{"amount":50,"paid":null}', "boolean", "paid"],
    ["a const set by code, even to its value", '{"amount":50,"currency":"usd"}', "engine-field", "currency"],
    ["a surrogate set by code", '{"amount":50,"visitor":"x"}', "engine-field", "visitor"],
  ])("refuses %s", (_, result, rule, where) => {
    expect(run(result)).toEqual({ code: "PHI-204", rule, where });
  });

  test.each([
    ["a field nobody declared, without repeating its name", '{"amount":50,"Jane Rivera":1}', "undeclared-field"],
    ["what every object has", '{"amount":50,"toString":1}', "undeclared-field"],
    ["an array as the whole", "[]", "object"],
    ["null as the whole", "null", "object"],
  ])("refuses %s", (_, result, rule) => {
    expect(run(result)).toEqual({ code: "PHI-204", rule });
  });

  test.each(["", "{", '{"amount":50,"amount":51}', '{"__proto__":{"amount":50}}', '{"amount":9007199254740993}'])("refuses what is no strict JSON: %s", (result) => {
    expect(run(result)).toMatchObject({ code: "PHI-204", rule: expect.stringMatching(/^json JSN-\d+$/) });
  });

  test("does not lower to anything but none", () => {
    const outcome = createBoundary().project({ channel: channel(), destination: destination({ only: list, sends: "deidentified" }), result: '{"amount":50}', raw: tree(), mint });
    expect(outcome).toEqual({ refusal: { code: "PHI-206", rule: "declassifier" } });
  });
});

describe("a copy", () => {
  const copied = (value: string, path = "ZPX-3") =>
    run("{}", { customer: { kind: "copy", path, as: "stripe-customer" } }, tree(tree().toString().replace("R2D2-4711", value)));

  test("takes an opaque token", () => {
    expect(copied("cus_T9xkQ2mWv4LpZr")).toBe('{"customer":"cus_T9xkQ2mWv4LpZr"}');
  });

  test.each(["cus_JaneRivera", "cus_xxRIVERAxx", "cus_90017734", "cus_xx19800102", "cus_TomasRivera", "cus_Mulberry", "cus_UmpbWVyaSml2ZXJh".replace("UmpbWVyaSml2ZXJh", btoa("Rivera00").replace(/=/g, ""))])(
    "refuses one with an identifier of the message inside: %s",
    (value) => {
      expect(copied(value)).toEqual({ code: "PHI-201", rule: "copy", where: "customer" });
    },
  );

  test.each(["cus_Jane8fKq2WzPx", "cus_8fKqJANE2WzPx", "cus_xxtomasxx77"])("refuses one with a part of a name that is written on purpose: %s", (value) => {
    expect(copied(value)).toEqual({ code: "PHI-201", rule: "copy", where: "customer" });
  });

  test.each(["cus_8fKqjAnE2WzPx", "cus_8fKqxjanex2WzPx", "cus_Ja8neKq2WzPx", "cus_tOmAs8fKq2Wz"])("takes one in which chance put four or five letters of a given name: %s", (value) => {
    expect(copied(value)).toBe(`{"customer":"${value}"}`);
  });

  test.each([["another form", "tok_T9xkQ2mWv4LpZr", "stripe-customer"], ["nothing there", "", "copy"], ["several", "cus_T9xkQ2mWv4LpZr~cus_A9xkQ2mWv4LpZr", "copy"]])("refuses %s", (_, value, rule) => {
    expect(copied(value)).toEqual({ code: "PHI-205", rule, where: "customer" });
  });

  test("an identifier may be copied when it is an opaque token, and else is named as what it is", () => {
    const order = (value: string) =>
      run("{}", { order: { kind: "copy", path: "OBR-3.1", as: "uuid" } }, tree(`${tree().toString()}\rOBR|1||${value}^LAB`));
    expect(order("01c9d0e2-58b7-4c1a-9a53-0d2f7e6b4a11")).toBe('{"order":"01c9d0e2-58b7-4c1a-9a53-0d2f7e6b4a11"}');
    expect(order("LB26-0091123")).toEqual({ code: "PHI-201", rule: "copy", where: "order" });
  });

  test.each([
    ["Practitioner", "1999999984", '{"npi":"1999999984"}'],
    ["PractitionerRole", "1999999984", '{"npi":"1999999984"}'],
    ["Practitioner", "1999999985", { code: "PHI-205", rule: "npi", where: "npi" }],
    ["Practitioner", "19999999840", { code: "PHI-205", rule: "npi", where: "npi" }],
    ["Patient", "1999999984", { code: "PHI-205", rule: "npi", where: "npi" }],
  ])("a provider's number of a %s with its check digit, and nobody else's: %s", (resourceType, value, expected) => {
    const identifier = [{ system: "urn:example:staff", value: "S-77" }, { system: "http://hl7.org/fhir/sid/us-npi", value }];
    const raw = readTree("fhir", JSON.stringify({ resourceType, identifier, name: [{ family: "Sample" }] }));
    expect(run("{}", { npi: { kind: "copy", path: "identifier(us-npi).value", as: "npi" } }, raw as never, { source: { ...channel().source, format: "fhir" } })).toEqual(expected);
  });

  test("a path that cannot be read is no value", () => {
    expect(copied("cus_T9xkQ2mWv4LpZr", "no path")).toMatchObject({ code: "PHI-205" });
  });
});

describe("capacity", () => {
  test.each<[string, ClosedList, number]>([
    ["what the engine sets", { a: { kind: "const", value: 1 }, b: { kind: "surrogate" }, c: { kind: "copy", path: "x", as: "uuid" } }, 0],
    ["an amount and a status", { a: { kind: "integer", minimum: 0, maximum: 999_999, optional: false }, s: { kind: "enum", values: ["a", "b", "c"], optional: false } }, Math.log2(3_000_000)],
    ["presence is data", { a: { kind: "boolean", optional: true } }, Math.log2(3)],
    ["decimals", { a: { kind: "number", minimum: 0, maximum: 1, decimals: 2, optional: false } }, Math.log2(101)],
    ["a repeated choice is one", { a: { kind: "enum", values: ["a", "a"], optional: false } }, 0],
  ])("%s", (_, only, bits) => {
    expect(capacity(only)).toBeCloseTo(bits, 9);
  });
});

describe("fields of de-identified data", () => {
  const now = Date.UTC(2026, 10, 22);
  const list = { year: { kind: "year", optional: true }, zip: { kind: "zip3", optional: true }, age: { kind: "age-band", optional: true } } as const;
  const result = (given: object, at: number | undefined = now) => {
    const outcome = createBoundary().project({ channel: channel(), destination: destination({ only: list }), result: JSON.stringify(given), raw: tree(), mint, ...(at !== undefined && { now: at }) });
    return "refusal" in outcome ? outcome.refusal.where : new TextDecoder().decode(outcome.content.bytes);
  };
  it("stand in their one form", () => {
    expect(result({ year: 1937, zip: "021", age: "90+" })).toBe('{"year":1937,"zip":"021","age":"90+"}');
    expect(result({ year: 2027, zip: "000", age: 0 })).toBe('{"year":2027,"zip":"000","age":0}');
    expect(result({ age: 89 })).toBe('{"age":89}');
  });
  it.each([
    ["year", [1936, 2028, "1980", 1980.5, null, 19800101]], ["zip", ["036", "02139", "21", 21, "", "9021", "zip"]], ["age", [90, 91, -1, "89", "90", "90 +", 45.5, true]],
  ] as const)("%s in any other is refused", (name, values) => {
    for (const value of values) expect(result({ [name]: value })).toBe(name);
  });
  it("no year fits without a clock", () => {
    const outcome = createBoundary().project({ channel: channel(), destination: destination({ only: list }), result: '{"year":2000}', raw: tree(), mint });
    expect(outcome).toMatchObject({ refusal: { where: "year" } });
  });
  it("leave the room that they have", () => {
    expect(capacity({ year: { kind: "year", optional: false } })).toBeCloseTo(Math.log2(91));
    expect(capacity({ zip: { kind: "zip3", optional: false } })).toBeCloseTo(Math.log2(872));
    expect(capacity({ age: { kind: "age-band", optional: true } })).toBeCloseTo(Math.log2(92));
  });
});
