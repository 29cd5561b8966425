import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { datesIn } from "./dates.ts";
import { detect, type Detection } from "./index.ts";
import { tokensOf } from "../tokens.ts";

function kindsIn(text: string, hosts: readonly string[] = []): string[] {
  const found: Detection[] = [];
  const tokens = tokensOf(text);
  detect(tokens, datesIn(tokens), { hosts: new Set(hosts) }, (detection) => {
    found.push(detection);
    return false;
  });
  return [...new Set(found.map(({ kind, strength }) => (strength === "strong" ? kind : `${kind}, ${strength}`)))];
}

describe("what is found by its shape", () => {
  test.each([
    ["ssn", "219-09-9998"], ["ssn", "219 09 9998"], ["ssn", '"ssn":"219099998"'], ["itin", "912-70-1234"],
    ["medicare number", "1EG4TE5MK73"], ["medicare number", "1EG4-TE5-MK73"],
    ["phone", "(617) 555-0142"], ["phone", "617.555.0142"], ["phone", "1-617-555-0142"], ["phone", "+44 20 7946 0958"], ["phone", '"fax": 6175550142'], ["phone", "617 5550142"],
    ["e-mail", "mailto:jane_r+x@mail.example"], ["url", "https://portal.example/r/1"], ["url", "see www.example.test"], ["url", "file:///home/jane"],
    ["ip", "198.51.100.7"], ["ip", "2001:db8::8a2e:370:7334"], ["ip", "2001:0db8:0000:0000:0000:8a2e:0370:7334"], ["mac", "00:1a:2b:3c:4d:5e"], ["mac", "00-1A-2B-3C-4D-5E"],
    ["date", "1980-01-02"], ["date", "01/02/1980"], ["date", "2.1.1980"], ["date", "1/2/80"], ["date", "19800102"], ["date", "19800102103000"], ["date", "1980-01-02T10:30:00Z"], ["date", "2 January 1980"],
    ["date", "Jan 2nd, 1980"], ["date", "02JAN1980"], ["date", "02-Jan-80"], ["date", "January 1980"], ["date", "1980-Jan-02"], ["date", '"1980-01"'], ["date", "1980-W01-3"], ["date", "report-1980-01-02-final.pdf"],
    ["date", "19800102T103000"], ["date", "2nd of January 1980"],
    ["age", "93 years old"], ["age", "a 93-year-old"], ["age", "93yo"], ["age", "93 y/o"], ["age", '"age":93'], ["age", "aged 101"], ["age", '"age":{"value":93'], ["age", "P93Y"],
    ["street", "418 Juniper Terrace"], ["street", "12B Elm St"], ["street", "1600 Martin Luther King Blvd"], ["street", "P.O. Box 1234"],
    ["zip, medium", "Millbrook, MA 02139"], ["zip, medium", '"zip":"02139"'], ["zip, medium", "02139-4307"],
    ["vin", "1HGCM82633A004352"], ["device", "(01)00844588003288(17)141120(10)7654321D(21)10987654d321"], ["device", "+H123PARTNO1234567890120/$+420020216LOT123456789012345"],
    ["card", "4111 1111 1111 1111"], ["card", "4111111111111111"], ["card", "3782-822463-10005"], ["card", "5555-5555-5555-4444"], ["card", "%B4111111111111111^DOE"],
    ["npi, weak", "1679524268"], ["dea, weak", "BL8426529"], ["dea, weak", "AS1234563"], ["routing number, medium", "routing 021000021"], ["phone, weak", "7002139004"],
    ["secret", "-----BEGIN RSA PRIVATE KEY-----"], ["secret", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"], ["secret", "AKIAIOSFODNN7EXAMPLE"], ["secret", ["sk", "live", "4eC39HqLyjWDarjtT1"].join("_")],
    ["secret", `ghp_${"a1".repeat(18)}`], ["secret", "xoxb-123456789012-abc"],
  ])("%s: %s", (kind, text) => {
    expect(kindsIn(`{"x":"a ${text} b"}`)).toContain(kind);
  });
});

describe("what only looks like it is not", () => {
  test.each([
    ["an area that is not given", "000-12-3456"], ["a group that is not given", "219-00-9998"], ["the sample of a wallet", "078-05-1120"], ["nine digits that nobody names", "219099998"],
    ["an ITIN of no group", "912-40-1234"], ["letters that Medicare leaves out", "1SG4TE5MK73"], ["an area of no phone", "117-555-0142"], ["a version", "2.5.1.0"], ["an OID", "2.16.840.1.113883.4.1"],
    ["a time", "10:30:00"], ["a terminology", '"http://loinc.org"'], ["a profile", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"], ["the version of a terminology", "http://snomed.info/sct/731000124108/version/20240301"],
    ["a month of no calendar", "1980-13-02"], ["a day of no calendar", "2023-02-30"], ["a year", "1980"], ["a LOINC code", "4544-3 8480-6"], ["a ratio", "120/80"], ["a range", "12-16"], ["a decimal", "1980.12"],
    ["an age up to 89", "89 years old"], ["a measure of 93", "93 mmHg, 95 %"], ["a dose", "12 Hour Dose"], ["an examination", "64 Slice CT"], ["five digits", "12345"],
    ["a VIN with another check digit", "1HGCM82643A004352"], ["a card with another check digit", "4111111111111112"], ["sixteen digits of nobody", "1111111111111111"], ["a code of SNOMED CT", "4521000119104"],
    ["an NPI with another check digit", "1528394067"], ["a DEA number with another check digit", "FM1234567"], ["a device without a serial", "(01)00844588003288(17)141120"],
    ["a public key", "-----BEGIN PUBLIC KEY-----"], ["a series", "2041 2043 2037 2039 4111 1111 1111 1111 2044 2046"], ["a UUID as a whole", "urn:uuid:0d9f6c1e-52aa-4be1-9f0e-77aa41c2d2f3"],
  ])("%s: %s", (_, text) => {
    expect(kindsIn(`{"x":"a ${text} b"}`)).toEqual([]);
  });

  test("the host of a pinned endpoint may stand", () => {
    expect(kindsIn("https://acme.example/v1/x", ["acme.example"])).toEqual([]);
    expect(kindsIn("https://acme.example.evil.test/v1/x", ["acme.example"])).toEqual(["url"]);
  });
});

test("any text is read in time that grows with its length", () => {
  const signs = fc.constantFrom("1", "12", "1980", "-", ".", " ", "/", "@", "a@", "a.", "://", "http://a", "www.", ":", "a:", "::", "(01)", "(21)", "/$+", "+A1", "(", ") ", "Jan ", "2nd ", "93 ", "y", "eyJ", "St ", "A", "%B", "sk_live_", "T");
  fc.assert(
    fc.property(fc.array(signs, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 3000 }), (parts, times) => {
      const text = parts.join("").repeat(times);
      const tokens = tokensOf(text);
      const started = process.cpuUsage();
      detect(tokens, datesIn(tokens), { hosts: new Set() }, () => false);
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / (text.length + 20_000)).toBeLessThan(20);
    }),
    { numRuns: 200 },
  );
});
