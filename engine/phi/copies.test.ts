import fc from "fast-check";
import { expect, test } from "vitest";
import type { Format } from "../sdk/index.ts";
import { Copies } from "./copies.ts";
import { MessageHarvest } from "./harvest.ts";
import { tree } from "./testing/given.ts";

/** Names of two letters, several of them, accents and other alphabets; numbers with zeros before; days; an address whose number is one digit. */
const messages: readonly (readonly [Format, string])[] = [
  ["hl7v2", ["MSH|^~\\&|A|B|C|D|20260314||ADT^A04|X|P|2.5", "PID|1||0070018234^^^N^MR||Li^Wu^Bo~van der Berg-Maß&van der&Berg-Maß^Zoë^Ann Q||19800102|F|||1 N 5 St^Apt 3^Lea^OH^44601-1234||(330) 555-0147 x12^^^li.wu@mail.example|||||A12345678|900-55-0142", "NK1|1|O'Br^Al|SPO||+1 330 555 0188", "NK1|2|Петров^Илья|SPO", "ZXX|1|Ko Ma|Bo Steiner Yu^Xu Wo", "OBX|1|TX|1||Seen on 03/14/2026 by Ann Lee, call 614-555-0199 or a@b.example||||||F|||20260315101500||77^Kim^Jo"].join("\r")],
  ["hl7v2", "MSH|^~!&|A|B|C|D|20260314||ADT^A04|X|P|2.5\rPID|1||70018234^^^N^MR||Lindqvist^Marta||19800102\rNK1|1|Kim^Jo||||||||||\rZXX|1|odd one|Ko Ma|Bo\rAB|Steiner Yu|1 N 5 St"],
  ["json", JSON.stringify({ patientName: "Wu Li", mrn: "0070018234", dob: "1980-01-02", note: "born Jan 2 1980, ssn 900-55-0142", address: { line: "12 North Ash", zip: "44601" }, odd: "Maria De La Cruz", other: "Ko Ma" })],
  ["csv", "patient_last_name,patient_first_name,dob,phone\nLee,Jo-Ann,02-Jan-1980,3305550147\nKüçük,Øy,19800102,\n"],
];

/** Pieces that stand in the messages, as somebody might write them into a token, and signs of chance. */
const pieces = ["Li", "Wu", "Bo", "wuli", "liwubo", "vanderberg", "Berg", "Mass", "ssaM", "Zoe", "Ann", "70018234", "0070018234", "43281007", "19800102", "01021980", "02011980", "20108091", "1north5", "1n5st", "1n5", "Lea", "44601", "3305550147", "7410555033", "5550188", "liwu", "nul", "obr", "brAl", "OBrAl", "jobr", "petrov", "14032026", "03142026", "annlee", "leeann", "6145550199", "A12345678", "12345678", "900550142", "JoKim", "kimjo", "12northash", "12nash", "cruzmaria", "DeLa", "JoAnn", "mako", "komA", "yubo", "boyu", "woxu", "yKucuk", "kucukoy", "lee", "kojim", "nietsuy", "x", "Q7", "9", "zK", "_", "-"];

const token = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));
const written = fc.tuple(token, fc.constantFrom("plain", "reversed", "base64", "hex", "capitals")).map(([text, how]) => {
  if (how === "reversed") return Array.from(text).reverse().join("");
  if (how === "base64" || how === "hex") return Buffer.from(text).toString(how);
  return how === "capitals" ? text.toUpperCase() : text;
});

test.each(messages)("finds in a value what all identifiers of the message would find there: %s", (format, text) => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(written, { minLength: 1, maxLength: 3 }), (values) => {
      const all = new MessageHarvest(tree(text, format), format);
      expect(all.patterns.length).toBeGreaterThan(5);
      const [whole, some] = [new Copies(values, all), new Copies(values, new MessageHarvest(tree(text, format), format))];
      for (const value of values) {
        expect([value, some.isTelling(value), some.isIdentifying(value)]).toEqual([value, whole.isTelling(value), whole.isIdentifying(value)]);
        found += Number(whole.isTelling(value)) + Number(whole.isIdentifying(value));
      }
    }),
    { numRuns: 400 },
  );
  expect(found).toBeGreaterThan(40);
});

test.each(["\\", "!"])("an escape in a name hides it from nobody, whatever sign declares it: %s", (sign) => {
  const text = `MSH|^~${sign}&|A|B|C|D|20260314||ADT^A04|X|P|2.5\rPID|1||70018234||Kovacs^${sign}X414C4558414E444552${sign}`;
  expect(new Copies(["cus_ALEXANDER"], new MessageHarvest(tree(text), "hl7v2")).isTelling("cus_ALEXANDER")).toBe(true);
});

test("a value that was not announced is not called clean", () => {
  expect(() => new Copies([], new MessageHarvest(tree(), "hl7v2")).isTelling("cus_1")).toThrow(RangeError);
});
