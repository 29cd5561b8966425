import { describe, expect, test } from "vitest";
import { readTree } from "../codec/index.ts";
import { MessageHarvest } from "./harvest.ts";
import { opened } from "./opaque.ts";

const picture = Buffer.from(Array.from({ length: 3000 }, (_, i) => (Math.imul(i, 2654435761) >>> 11) & 255)).toString("base64");
const wrapped = (text: string) => text.replace(/.{76}/g, "$&\r\n");

describe("a packed file in a text", () => {
  test("is taken out, in one run or in lines, and the words around it stay", () => {
    for (const each of [picture, wrapped(picture), Buffer.from(picture).toString("hex"), picture.replace(/.{76}/g, "$&\\.br\\")]) {
      expect(opened(`before, ${each}. after 90017734`).plain.replace(/\s+/g, " ")).toBe("before, . after 90017734");
    }
  });
  test("is opened where it is text", () => {
    const report = "Seen on 2026-01-05: Jane Rivera, record 90017734, phone 617-555-0142. ".repeat(20);
    const { inside } = opened(`a ${wrapped(Buffer.from(report).toString("base64"))} b`);
    expect(inside).toContain("record 90017734");
  });
  test("words, numbers and short codes are no file", () => {
    for (const text of ["Rivera ".repeat(200), "90017734-".repeat(20), `${"A1B2".repeat(40)} ${"word ".repeat(200)}`]) expect(opened(text)).toEqual({ plain: text, inside: "" });
  });
});

test("the identifiers of a message with a picture are those around it, and those of a text that it holds", () => {
  const message = (value: string) => `MSH|^~\\&|A|B|C|D|20260101||ORU^R01|X77123|P|2.5\rPID|1||90017734\rOBX|1|ED|||${value}||||||F\r`;
  const sources = (value: string) => new MessageHarvest(readTree("hl7v2", message(value)), "hl7v2").patterns.map(({ source }) => source);
  expect(sources(`^application^pdf^Base64^${picture.repeat(20)}`).length).toBeLessThan(12);
  const report = Buffer.from(`Order ORD7730021 of 2026-03-04. ${"The text of the report goes on. ".repeat(30)}`).toString("base64");
  expect(sources(`^TEXT^^Base64^${report}`)).toContain("ORD7730021");
});
