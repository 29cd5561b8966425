import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../sdk/error.ts";
import { charsetOf, decode, encode } from "./index.ts";
import { differsOnlyBetween } from "./roundtrip.ts";
import { invalidUtf8At } from "./utf8.ts";

const hl7 = (charset: string, name = "Muller") => `MSH|^~\\&|A|B|C|D|20260105||ADT^A01|1|P|2.5.1||||||${charset}\rPID|||||${name}\r`;
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const utf8 = (text: string) => new Uint8Array(Buffer.from(text, "utf8"));
const failure = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return [error.code, error.safe.offset];
    throw error;
  }
  return "nothing thrown";
};

describe("decode by MSH-18", () => {
  it.each([
    ["", "utf-8"],
    ["UNICODE UTF-8", "utf-8"],
    ["UTF-8~UNICODE", "utf-8"],
    ["ASCII", "ascii"],
    ["8859/1", "iso-8859-1"],
    ["8859/15|||x", "iso-8859-15"],
    ["ISO IR100", "iso-8859-1"],
  ])("reads %j", (name, charset) => {
    expect(decode(utf8(hl7(name)), { format: "hl7v2" })).toEqual({ text: hl7(name), charset });
  });
  it("reads accents as declared and refuses what does not fit", () => {
    const text = hl7("8859/1", "Müller");
    expect(decode(latin1(text), { format: "hl7v2" }).text).toBe(text);
    const at = hl7("UNICODE UTF-8").indexOf("Muller") + 1;
    expect(failure(() => decode(latin1(hl7("UNICODE UTF-8", "Müller")), { format: "hl7v2" }))).toEqual(["BYT-002", at]);
    expect(failure(() => decode(utf8(hl7("ASCII", "Müller")), { format: "hl7v2" }))).toEqual(["BYT-002", hl7("ASCII").indexOf("Muller") + 1]);
    expect(failure(() => decode(utf8(hl7("KLINGON")), { format: "hl7v2" }))).toEqual(["BYT-001", undefined]);
    expect(failure(() => decode(utf8(hl7("UNICODE UTF-16")), { format: "hl7v2" }))).toEqual(["BYT-002", 0]);
  });
  it("takes the channel's set only when the message declares none", () => {
    expect(decode(latin1(hl7("", "Müller")), { format: "hl7v2", charset: "8859/1" }).text).toBe(hl7("", "Müller"));
    expect(decode(utf8(hl7("UTF-8", "Müller")), { format: "hl7v2", charset: "8859/1" }).charset).toBe("utf-8");
    expect(decode(latin1("ü"), { format: "text", charset: "latin1" }).text).toBe("ü");
    expect(failure(() => decode(latin1("é"), { format: "json", charset: "8859/1" }))).toEqual(["BYT-002", 0]);
  });
  it("keeps a byte-order mark and reads UTF-16 with or without one", () => {
    const text = `\uFEFF${hl7("8859/1")}`;
    expect(decode(utf8(`\uFEFF${hl7("")}`), { format: "hl7v2" }).text).toBe(`\uFEFF${hl7("")}`);
    expect(failure(() => encode(text, "8859/1"))).toEqual(["BYT-003", 0]);
    for (const charset of ["utf-16le", "utf-16be"]) {
      for (const each of [hl7("UNICODE", "Łęcka"), `\uFEFF${hl7("UNICODE UTF-16", "Łęcka")}`]) {
        expect(decode(encode(each, charset), { format: "hl7v2" })).toEqual({ text: each, charset });
      }
    }
    expect(failure(() => decode(Uint8Array.from([0xff, 0xfe, 0x41]), { format: "hl7v2" }))).toEqual(["BYT-002", 2]);
  });
});

describe("the check of an edit", () => {
  it("sees a change outside the span", () => {
    const [before, after] = [utf8("ab"), utf8("yz")];
    expect(["abXyz", "abyz", "aXXyz", "abXXz", "abXyzz"].map((text) => differsOnlyBetween(utf8(text), before, after))).toEqual([true, false, false, false, false]);
  });
});

describe("every character set", () => {
  const sets = ["ascii", ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15].map((n) => `8859/${n}`)];
  it.each(sets)("%s gives the same bytes back, or an error", (charset) => {
    for (let byte = 0; byte < 256; byte++) {
      const bytes = Uint8Array.from([byte]);
      try {
        expect([...encode(decode(bytes, { format: "text", charset }).text, charset)]).toEqual([byte]);
      } catch (error) {
        expect(error).toMatchObject({ code: "BYT-002" });
      }
    }
  });
  it("follows the standard where browsers do not", () => {
    const read = (n: number, byte: number) => decode(Uint8Array.from([byte]), { format: "text", charset: `8859/${n}` }).text;
    expect([read(1, 0x80), read(9, 0x80), read(9, 0xfd), read(11, 0xa1), read(11, 0x85), read(2, 0xb1), read(15, 0xa4)]).toEqual(["\x80", "\x80", "ı", "ก", "\x85", "ą", "€"]);
    expect(charsetOf("8859/12") ?? charsetOf("8859/16") ?? charsetOf("ISO IR87") ?? charsetOf("constructor")).toBeUndefined();
  });
  it.each([["KS X 1001", "한국"], ["BIG-5", "病歷"], ["GB 18030-2000", "医院"]])("%s reads and writes double bytes", (name, word) => {
    const bytes = encode(`MSH|${word}`, name);
    expect(bytes.length).toBe(8);
    expect(decode(bytes, { format: "text", charset: name }).text).toBe(`MSH|${word}`);
    expect(failure(() => decode(Uint8Array.from([0x41, 0xff]), { format: "text", charset: name }))).toEqual(["BYT-002", 1]);
  });
  it.each(["euc-kr", "big5", "gb18030"])("%s never gives another pair of bytes back", (name) => {
    const failed = new Set<string>();
    for (let lead = 0x80; lead < 256; lead++) {
      for (let trail = 0x21; trail < 256; trail++) {
        const bytes = Uint8Array.from([lead, trail]);
        try {
          const again = encode(decode(bytes, { format: "text", charset: name }).text, name);
          if (again[0] !== lead || again[1] !== trail || again.length !== 2) throw new Error(`${lead} ${trail}`);
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
          failed.add(error.code);
        }
      }
    }
    expect([...failed].filter((each) => each !== "BYT-004")).toEqual(["BYT-002"]);
    if (name === "big5") expect(failed).toContain("BYT-004");
  });
  it("is lossless or an error on any bytes", () => {
    const charset = fc.constantFrom("utf-8", "8859/1", "8859/7", "euc-kr", "big5", "gb18030", "utf-16le", "utf-16be");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), charset, (bytes, name) => {
        let text: string;
        try {
          text = decode(bytes, { format: "text", charset: name }).text;
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          return;
        }
        expect([...encode(text, name)]).toEqual([...bytes]);
      }),
      { numRuns: 2000 },
    );
  });
  it("agrees with the platform about UTF-8 and points at the first bad byte", () => {
    const near = fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xc1, 0xe0, 0xed, 0xa0, 0x9f, 0xf0, 0x8f, 0x90, 0xf4, 0xf5, 0xef, 0xff));
    fc.assert(
      fc.property(near.map((all) => Uint8Array.from(all)), (bytes) => {
        expect(invalidUtf8At(bytes) === bytes.length).toBe(isUtf8(bytes));
        expect(isUtf8(bytes.subarray(0, invalidUtf8At(bytes)))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
  it("refuses characters it cannot write", () => {
    expect(failure(() => encode("aé€", "8859/1"))).toEqual(["BYT-003", 2]);
    expect(failure(() => encode("a\ud800", "utf-8"))).toEqual(["BYT-003", 1]);
    expect(failure(() => encode("é", "ASCII"))).toEqual(["BYT-003", 0]);
    expect(failure(() => encode("😀é", "8859/2").length && encode("é😀", "8859/2"))).toEqual(["BYT-003", 0]);
  });
});
