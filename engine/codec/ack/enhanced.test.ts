import { describe, expect, it } from "vitest";
import { parseHl7 } from "../hl7v2/index.ts";
import { type AckCode, ackLevel, acksDue, buildAck, isDue, readAck, readHeader } from "./index.ts";

const now = Date.UTC(2026, 0, 5, 8, 15);
const message = (accept: string, application: string, rest = "") => `MSH|^~\\&|LAB|NORTH|EHR|SOUTH|20260105||ORU^R01^ORU_R01|77|P|2.5.1|||${accept}|${application}${rest}\rPID|1||A1\r`;
const dueOf = (accept: string, application: string) => {
  const header = readHeader(message(accept, application));
  if (header === undefined) throw new Error("no header");
  return acksDue(header);
};
const codes: readonly AckCode[] = ["CA", "CE", "CR", "AA", "AE", "AR"];
const asked = (accept: string, application: string) => codes.filter((code) => isDue(dueOf(accept, application), code)).join(" ");

describe("which acknowledgements are due", () => {
  it.each([
    ["", "", "AA AE AR"],
    ['""', '""', "AA AE AR"],
    ["AL", "", "CA CE CR"],
    ["AL", "NE", "CA CE CR"],
    ["AL", "AL", "CA CE CR AA AE AR"],
    ["NE", "NE", ""],
    ["ER", "SU", "CE CR AA"],
    ["SU", "ER", "CA AE AR"],
    ["", "AL", "AA AE AR"],
    ["al", "", "CA CE CR"],
  ])("MSH-15 %j, MSH-16 %j: %s", (accept, application, expected) => {
    expect(asked(accept, application)).toBe(expected);
  });
  it("tells the modes apart", () => {
    expect([dueOf("", "").mode, dueOf("NE", "").mode, dueOf("", "ER").mode]).toEqual(["original", "enhanced", "enhanced"]);
    expect(["CA", "AR", "XX", "", "AB"].map(ackLevel)).toEqual(["accept", "application", undefined, undefined, undefined]);
  });
});

describe("acknowledgements of enhanced mode", () => {
  it("ask for none of their own and keep the character set", () => {
    const text = buildAck({ text: message("AL", "AL", "||8859/1") }, { code: "CA", now, controlId: "S1" });
    expect(text).toBe("MSH|^~\\&|EHR|SOUTH|LAB|NORTH|20260105081500+0000||ACK^R01^ACK|S1|P|2.5.1|||NE|NE||8859/1\rMSA|CA|77\r");
    const application = parseHl7(buildAck({ text: message("AL", "AL") }, { code: "AA", now, controlId: "S2" }));
    expect([application.get("MSH-15"), application.get("MSH-16"), application.get("MSA-1")]).toEqual(["NE", "NE", "AA"]);
  });
  it("of original mode stay as they were, also where nothing could be read", () => {
    expect(buildAck({ text: message("", "") }, { code: "AA", now, controlId: "S1" })).toContain("|P|2.5.1\rMSA|AA|77\r");
    expect(buildAck({}, { code: "AR", now, controlId: "S1", error: { code: "HL7-001" } })).toContain("|P|2.5.1\rMSA|AR|\rERR");
  });
  it("say in codes why a message was not committed, and can be read", () => {
    for (const code of ["CE", "CR"] as const) {
      const text = buildAck({ text: message("AL", "NE") }, { code, now, controlId: "S1", error: { code: "STO-203", hl7: "207" } });
      expect(text).toContain(`\rMSA|${code}|77\rERR|||207^^HL70357|E|STO-203^^L\r`);
      expect(readAck(text)).toEqual({ code, controlId: "77", type: "ACK^R01", condition: "207" });
    }
    expect(buildAck({ text: message("AL", "") }, { code: "CA", now, controlId: "S1", error: { code: "STO-203" } })).not.toContain("ERR");
  });
});
