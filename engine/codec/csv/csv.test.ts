import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../sdk/error.ts";
import { type CsvDialect, parseCsv, rfc4180, sniffCsv } from "./index.ts";

const failure = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return [error.code, error.safe];
  }
  return undefined;
};
const dialects: readonly CsvDialect[] = [",", ";", "\t", "|"].flatMap((delimiter) => [true, false].map((header) => ({ delimiter, quote: '"', header })));

describe("reading delimited text", () => {
  it("finds cells by name and number, in the first record and in others", () => {
    const msg = parseCsv('\uFEFFmrn,name,note\r\n1001,"Roe, Rita","says ""hi""\r\ntwice"\r\n\r\n1002,Doe,\r\n');
    expect([msg.columns, msg.length]).toEqual([["mrn", "name", "note"], 2]);
    expect([msg.get("mrn"), msg.get(2), msg.get("note"), msg.get("name[2]"), msg.get("note[2]")]).toEqual(["1001", "Roe, Rita", 'says "hi"\r\ntwice', "Doe", ""]);
    expect([msg.values("mrn"), msg.values("note"), msg.values("nothing"), msg.values("mrn[2]")]).toEqual([["1001", "1002"], ['says "hi"\r\ntwice'], [], ["1002"]]);
    expect(msg.all().map((row) => [row.number, row.get("mrn"), ...row.values.slice(1, 2)])).toEqual([[1, "1001", "Roe, Rita"], [2, "1002", "Doe"]]);
    expect([...msg.leaves()].map(({ path }) => path)).toEqual(["mrn", "name", "note", "mrn[2]", "name[2]"]);
    expect(failure(() => msg.get("Mrn"))).toEqual(["CSV-102", {}]);
    expect(failure(() => msg.get("mrn[3]"))).toEqual(["CSV-102", {}]);
  });
  it("reads without a header by number, and another delimiter", () => {
    const msg = parseCsv("a;b\nc;d", { delimiter: ";", quote: '"', header: false });
    expect([msg.length, msg.get("1"), msg.get("2[2]"), msg.columns]).toEqual([2, "a", "d", ["1", "2"]]);
  });
  it("names a column that stands twice by its number alone", () => {
    const msg = parseCsv("x,x,y[1]\n1,2,3\n");
    expect([...msg.leaves()].map(({ path, value }) => [path, value])).toEqual([["1", "1"], ["2", "2"], ["3", "3"]]);
    expect(failure(() => msg.get("x"))).toEqual(["CSV-102", {}]);
    expect(msg.get("y[1]")).toBe("3");
  });
  it("says what is wrong by line and column, without a value", () => {
    expect(failure(() => parseCsv('a,b\r\n1,"open\r\n2,3\r\n'))).toEqual(["CSV-001", { line: 2, column: 3 }]);
    expect(failure(() => parseCsv('a,b\n"1"x,2\n'))).toEqual(["CSV-002", { line: 2, column: 4 }]);
    expect(failure(() => parseCsv("a,b\n1,2\n\n1,2,3\n"))).toEqual(["CSV-003", { line: 4, column: 1, has: 3, needs: 2 }]);
    expect(failure(() => parseCsv("a,b\r1\r"))).toEqual(["CSV-003", { line: 2, column: 1, has: 1, needs: 2 }]);
    expect(failure(() => parseCsv("\r\n"))).toEqual(["CSV-004", {}]);
    expect(failure(() => parseCsv("a", { ...rfc4180, delimiter: '"' }))).toEqual(["CSV-104", {}]);
    expect(parseCsv("", { ...rfc4180, header: false }).length).toBe(0);
  });
});

describe("writing delimited text", () => {
  it("changes one cell and nothing else, quoting what must be quoted", () => {
    const text = 'mrn,"name"\r\n 1001 ,"Roe"\r\n1002,Doe';
    const set = (path: string, value: string | number) => parseCsv(text).set(path, value).toString();
    expect(set("mrn", "7")).toBe('mrn,"name"\r\n7,"Roe"\r\n1002,Doe');
    expect(set("name", "Poe")).toBe('mrn,"name"\r\n 1001 ,"Poe"\r\n1002,Doe');
    expect(set("name[2]", 'D"oe,\n')).toBe('mrn,"name"\r\n 1001 ,"Roe"\r\n1002,"D""oe,\n"');
    expect(set("mrn", 12.5)).toBe('mrn,"name"\r\n12.5,"Roe"\r\n1002,Doe');
    expect(set("name", "Roe")).toBe(text);
    expect(failure(() => set("mrn", Number.NaN))).toEqual(["CSV-103", {}]);
    expect(failure(() => parseCsv("a\nb", { delimiter: ",", quote: "", header: true }).set("a", "x,y"))).toEqual(["CSV-103", {}]);
  });
  it("an empty value in a single column stays a record", () => {
    const msg = parseCsv("a\nb\n").set("a", "");
    expect([msg.toString(), parseCsv(msg.toString()).length]).toEqual(['a\n""\n', 1]);
  });
  it("gives any text back as it was, and one edit changes one span", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "7", " ", '"', ",", ";", "\t", "|", "\r", "\n", "\uFEFF", "é", "😀"), maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...dialects), fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 4 }), fc.constantFrom("\r\n", "\n", "\r"), cell, fc.nat(), (dialect, rows, eol, value, n) => {
        const quoted = (each: string) => `"${each.replaceAll('"', '""')}"`;
        const text = rows.map((row) => row.map(quoted).join(dialect.delimiter)).join(eol);
        const msg = parseCsv(text, dialect);
        expect(msg.toString()).toBe(text);
        const body = dialect.header ? rows.slice(1) : rows;
        expect(msg.all().map((row) => row.values)).toEqual(body);
        const leaves = [...msg.leaves()];
        const leaf = leaves[n % leaves.length];
        if (leaf === undefined) return;
        const edited = msg.set(leaf.path, value).toString();
        expect([edited.startsWith(text.slice(0, leaf.start)), edited.endsWith(text.slice(leaf.end))]).toEqual([true, true]);
        expect(parseCsv(edited, dialect).get(leaf.path)).toBe(value);
      }),
    );
  });
  it("keeps any text it can read, quoted or not", () => {
    const unit = fc.constantFrom("a", '"', ",", "\r", "\n", "\uFEFF");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), fc.boolean(), (text, header) => {
        try {
          expect(parseCsv(text, { ...rfc4180, header }).toString()).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
    );
  });
});

describe("finding out the dialect", () => {
  it.each([
    ["mrn,name\n1,a\n", { delimiter: ",", quote: '"', header: true }],
    ["mrn;name;x\n1;a,b;c\n", { delimiter: ";", quote: '"', header: true }],
    ["1\t2\n3\t4\n", { delimiter: "\t", quote: '"', header: false }],
    ["a,b\n", undefined],
    ["Dear Dr. Roe,\nthe patient came today\n", undefined],
    ["", undefined],
    ['a,b\n"open,c\n', undefined],
  ])("%j", (text, expected) => {
    expect(sniffCsv(text)).toEqual(expected);
  });
  it("looks at the begin of a long text alone", () => {
    expect(sniffCsv(`a|b\n${"1|2\n".repeat(40_000)}"`)).toEqual({ delimiter: "|", quote: '"', header: true });
  });
});
