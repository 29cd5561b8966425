import { expect, test } from "vitest";
import fc from "fast-check";
import { canonical } from "./canonical.ts";
import { readJson } from "./read.ts";

test("keys in order of their UTF-16 units, no blanks, nothing of what is undefined", () => {
  // The sample of RFC 8785, 3.2.3.
  const sample = { "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis" };
  expect(Object.values(JSON.parse(canonical(sample), undefined) as object)).toHaveLength(7);
  expect(canonical(sample)).toBe('{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\u{1f600}":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}');
  expect(canonical({ b: [{ z: 1, y: undefined, x: null }, 1e21], a: {}, c: undefined })).toBe('{"a":{},"b":[{"x":null,"z":1},1e+21]}');
  expect([canonical(undefined), canonical([undefined, 1]), canonical("a")]).toEqual(["null", "[null,1]", '"a"']);
});

test("keys that objects do not keep in their place", () => {
  expect(canonical({ "10": 1, "9": 2, "!": 3, a: [{ "2": 0, "10": 0 }] })).toBe('{"!":3,"10":1,"9":2,"a":[{"10":0,"2":0}]}');
  expect(canonical(JSON.parse('{"b":1,"__proto__":{"z":1,"y":2}}'))).toBe('{"__proto__":{"y":2,"z":1},"b":1}');
});

test("what is in order already is the same text", () => {
  expect(canonical({ a: undefined, b: [{ c: 1, d: [] }, null], e: "" })).toBe('{"b":[{"c":1,"d":[]},null],"e":""}');
  expect(canonical({ a: new Date(0), b: 1 })).toBe(canonical({ b: 1, a: new Date(0) }));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonical(value);
      expect(canonical(JSON.parse(text))).toBe(text);
    }),
  );
});

test("numbers that no double holds stand as they were written", () => {
  expect(canonical(readJson('{"b":[1.5,{"d":1,"c":12345678901234567890.1}],"a":1}', { numbers: "exact" }))).toBe('{"a":1,"b":[1.5,{"c":12345678901234567890.1,"d":1}]}');
});

test("the order of keys says nothing, and the text reads as the value", () => {
  const turned = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(turned) : typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).reverse().map(([key, each]) => [key, turned(each)])) : value;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonical(turned(value))).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
