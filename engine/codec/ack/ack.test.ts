import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHl7 } from "../hl7v2/index.ts";
import { buildAck, readAck, readHeader } from "./index.ts";

const now = Date.UTC(2026, 0, 5, 8, 15, 0, 250);
const message = (version: string, rest = "") =>
  `MSH|^~\\&|LAB^1.2^ISO|NORTH|EHR|SOUTH|20260105||ORU^R01^ORU_R01|L\\T\\77|P|${version}${rest}\rPID|1||A1\r`;
const ack = (text: string | undefined, options: Partial<Parameters<typeof buildAck>[1]> = {}) =>
  buildAck(text === undefined ? {} : { text }, { code: "AA", now, controlId: "S1", ...options });

describe("buildAck", () => {
  it("swaps the parties and echoes id, version and character set", () => {
    expect(ack(message("2.5.1", "||||||8859/1"))).toBe(
      "MSH|^~\\&|EHR|SOUTH|LAB^1.2^ISO|NORTH|20260105081500+0000||ACK^R01^ACK|S1|P|2.5.1||||||8859/1\rMSA|AA|L\\T\\77\r",
    );
  });
  it("says nothing again that has not the standard's form: an id in the place of the version goes nowhere", () => {
    const odd = message("77310499226", "||||||19350919").replace("|P|", "|RIVERA|").replace("ORU^R01^ORU_R01", "ORU^RIVERA");
    expect(ack(odd)).not.toMatch(/RIVERA|77310499226|19350919/);
    expect(ack(odd)).toContain("|P|2.5.1");
  });

  it("names itself as the version allows", () => {
    const types = ["2.2", "2.3", "2.3.1", "2.4", "2.8^USA", ""].map((version) => parseHl7(ack(message(version))).getRaw("MSH-9"));
    expect(types).toEqual(["ACK", "ACK^R01", "ACK^R01", "ACK^R01^ACK", "ACK^R01^ACK", "ACK^R01^ACK"]);
  });
  it("says what is wrong in codes", () => {
    const error = { code: "FLW-102", segment: "PID", field: 5, hl7: "101" } as const;
    expect(ack(message("2.5.1"), { code: "AE", error })).toContain("\rMSA|AE|L\\T\\77\rERR||PID^1^5|101^^HL70357|E|FLW-102^^L\r");
    expect(ack(message("2.3"), { code: "AR", error })).toContain("\rMSA|AR|L\\T\\77|FLW-102\rERR|PID^1^5^101&&HL70357\r");
    expect(ack(message("2.5"), { code: "AR", error: { code: "FLW-103" } })).toContain("\rERR|||207^^HL70357|E|FLW-103^^L\r");
    expect(ack(message("2.5"), { code: "AA", error })).not.toContain("ERR");
  });
  it("answers what has no readable header", () => {
    const expected = "MSH|^~\\&|||||20260105081500+0000||ACK|S1|P|2.5.1\rMSA|AR|\rERR|||207^^HL70357|E|HL7-001^^L\r";
    for (const text of [undefined, "", "garbage", "MSH", "MSH|^^^^|"]) {
      expect(ack(text, { code: "AR", error: { code: "HL7-001" } })).toBe(expected);
    }
  });
  it("keeps custom delimiters", () => {
    const text = ack("MSH$%*!@$A$B$C$D$$$ADT%A01$7$T$2.4\r", { code: "AE", error: { code: "FLW-102", segment: "PV1" } });
    expect(text).toContain("MSH$%*!@$C$D$A$B$20260105081500+0000$$ACK%A01%ACK$S1$T$2.4\rMSA$AE$7$FLW-102\rERR$PV1%1%%207@@HL70357\r");
    expect(readAck(text)).toEqual({ code: "AE", controlId: "7", type: "ACK^A01", condition: "207" });
  });
  it("lets no words into the error", () => {
    const tries = [{ code: "Jane Roe-1" }, { code: "FLW-102", segment: "Jane" }, { code: "FLW-102", hl7: "999" }, { code: "FLW-102", field: 0.5 }];
    for (const error of tries) {
      expect(() => ack(message("2.5"), { code: "AE", error: error as never })).toThrow("ACK-001");
    }
    expect(() => ack(message("2.5"), { controlId: "a|b" })).toThrow("ACK-001");
  });
  it("never throws and is always readable, whatever came", () => {
    const unit = fc.constantFrom("M", "S", "H", "|", "^", "~", "\\", "&", "\r", "\n", "A", "\uFEFF");
    fc.assert(
      fc.property(fc.string({ unit }), fc.boolean(), (tail, headed) => {
        const text = ack(headed ? `MSH|^~\\&|${tail}` : tail);
        expect(readAck(text)?.code).toBe("AA");
        expect(text.split("\r").length).toBe(3);
      }),
    );
  });
});

describe("readHeader and readAck", () => {
  it("read behind a byte-order mark and an envelope", () => {
    const text = `\uFEFF\r\nFHS|^~\\&|F\r\nBHS|^~\\&|B\r\n${message("2.5.1")}`;
    expect(readHeader(text)).toMatchObject({ sendingApplication: "LAB^1.2^ISO", type: "ORU^R01", controlId: "L&77", version: "2.5.1", charset: "" });
  });
  it("agree with the message", () => {
    const text = message("2.5.1", "||||||UNICODE UTF-8");
    const msg = parseHl7(text);
    const header = readHeader(text);
    expect([header?.type, header?.controlId, header?.charset]).toEqual([msg.type, msg.controlId, msg.get("MSH-18")]);
  });
  it("say why an answer is negative, where it does", () => {
    const reasons = ["2.3", "2.5.1"].map((version) => readAck(ack(message(version), { code: "AR", error: { code: "FLW-101", hl7: "200" } }))?.condition);
    const plain = ["MSA|AR|1||||203^x", "MSA|AR|1|Jane Roe", "MSA|AR|1\rERR|PID^1^5^Jane Roe", "MSA|AA|1\rERR|||0"];
    expect([...reasons, ...plain.map((rest) => readAck(`${message("2.5")}${rest}`)?.condition)]).toEqual(["200", "200", "203", undefined, undefined, undefined]);
  });
  it("find no acknowledgement where there is none", () => {
    for (const text of ["", "MSA|AA|1", message("2.5.1"), `${message("2.5")}MSA||1`, `${message("2.5")}NTE|MSA|AA|1`, `${message("2.5")}MSA|Jane|1`]) {
      expect(readAck(text)).toBeUndefined();
    }
    expect(readAck(`${message("2.5")}NTE|MSA|AA|1\nMSA|CA|9`)).toEqual({ code: "CA", controlId: "9", type: "ORU^R01" });
  });
});
