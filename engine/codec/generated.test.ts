import fc from "fast-check";
import { expect, it } from "vitest";
import { rebuild, type Structure, structureOf } from "./hl7v2/structure.ts";
import { type CsvDialect, CsvMessage, ExactNumber, type Json, parseHl7, parseXml, readJson, writeJson } from "./index.ts";

/**
 * parse(serialise(x)) = x for trees that nobody wrote. Other formats have theirs beside their serialisers: X12 in `x12/message.test.ts`, SCRIPT in `script/script.test.ts`, iCalendar in
 * `ical/ical.test.ts`, HL7 v2 XML in `hl7v2/xml/xml.test.ts`, FHIR JSON and XML in `fhir-validate/convert.test.ts`.
 */
const odd = ["a", "Z", "7", " ", "|", "^", "~", "\\", "&", "#", "<", ">", '"', "'", ",", ";", "\n", "\r", "\t", "]]>", "é", "😀", "\u2028"] as const;
const text = (without: readonly string[] = []) => fc.string({ unit: fc.constantFrom(...odd.filter((each) => !without.includes(each))), maxLength: 8 });

it("HL7 v2: segments, fields, repetitions, components, subcomponents and nulls", () => {
  // `""` is the null, so no value is written that would be read as one.
  const value = fc.oneof({ weight: 6, arbitrary: text().filter((each) => each !== '""') }, { weight: 1, arbitrary: fc.constant(null) });
  const many = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 3 });
  const fields = fc.array(many(many(many(value))), { maxLength: 5 });
  const segment = fc.record({ name: fc.constantFrom("PID", "OBX", "NTE", "ZPI", "Z99"), eol: fc.constantFrom("\r", "\n", "\r\n"), fields });
  const header = fc.record({ name: fc.constant("MSH"), eol: fc.constantFrom("\r", "\n", "\r\n"), declares: fc.constantFrom(["|", "^~\\&"] as const, ["|", "^~\\&#"] as const, ["!", "^~\\&"] as const, ["|", "$%?@"] as const), fields });
  fc.assert(
    fc.property(header, fc.array(segment, { maxLength: 4 }), (msh, others) => {
      const whole: Structure = { head: "", segments: [msh, ...others] };
      expect(structureOf(parseHl7(rebuild(whole)))).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});

it("JSON: any value, numbers to the last digit, names in their order", () => {
  const number = fc.constantFrom("0", "-0", "1.50", "7.10", "1e3", "1E-7", "-0.0", "100000000000000000000.01", "12345678901234567890").map((each) => new ExactNumber(each));
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof({ depthSize: "small" }, text(), number, fc.boolean(), fc.constant(null), fc.array(tie("json"), { maxLength: 4 }), fc.dictionary(text().filter((each) => each !== "__proto__"), tie("json"), { maxKeys: 4 })),
  }));
  const flat = (value: unknown): unknown => (value instanceof ExactNumber || typeof value === "number" ? { number: Number(value) } : Array.isArray(value) ? value.map(flat) : typeof value === "object" && value !== null ? Object.entries(value).map(([name, each]) => [name, flat(each)]) : value);
  fc.assert(
    fc.property(json, (value) => {
      const written = writeJson([value as Json]);
      const read = readJson(written, { numbers: "exact" });
      expect(flat(read)).toEqual(flat([value]));
      // A double forgets how it was written, its holder does not.
      expect(writeJson(read)).toBe(written);
    }),
    { numRuns: 500 },
  );
});

it("XML: elements, attributes and text, written through the tree that reads them", () => {
  const name = fc.constantFrom("a", "b", "x_1", "C.d-e");
  type Shape = { readonly name: string; readonly attribute: string; readonly text: string; readonly children: readonly Shape[] };
  const { element } = fc.letrec<{ element: Shape }>((tie) => ({
    element: fc.record({ name, attribute: text(), text: text().map((each) => `t${each}`), children: fc.oneof({ depthSize: "small" }, fc.constant([]), fc.array(tie("element"), { maxLength: 3 })) }),
  }));
  // A skeleton without a value; every value is then set by its path, as a transform would.
  const skeleton = ({ name: tag, children }: Shape): string => `<${tag} k="-">${children.length === 0 ? "-" : children.map(skeleton).join("")}</${tag}>`;
  const values = ({ attribute, text: own, children }: Shape): string[] => [attribute, ...(children.length === 0 ? [own] : children.flatMap(values))];
  fc.assert(
    fc.property(element, (shape) => {
      const written = parseXml(skeleton(shape));
      const wanted = values(shape);
      for (const [i, { path }] of [...written.leaves()].entries()) written.set(path, wanted[i] ?? "");
      expect([...parseXml(written.toString()).leaves()].map(({ value }) => value)).toEqual(wanted);
    }),
  );
});

it("CSV: rows of any cells, in each dialect", () => {
  const cell = text(["\u2028"]);
  const dialect = fc.constantFrom(",", ";", "|", "\t").map((delimiter): CsvDialect => ({ delimiter, quote: '"', header: false }));
  fc.assert(
    fc.property(dialect, fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 4 })), (given, rows) => {
      const blank = rows.map((row) => row.map(() => '"-"').join(given.delimiter)).join("\r\n");
      const written = new CsvMessage(`${blank}\r\n`, given);
      const wanted = rows.flat();
      for (const [i, { path }] of [...written.leaves()].entries()) written.set(path, wanted[i] ?? "");
      expect([...new CsvMessage(written.toString(), given).leaves()].map(({ value }) => value)).toEqual(wanted);
    }),
  );
});
