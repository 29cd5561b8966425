import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { allowedPrefixes, populations, runsOf } from "../../../schemas/deidentify/make-zip3.ts";
import table from "../../../schemas/deidentify/zip3.json" with { type: "json" };
import { allowedZip3 } from "./zip3.ts";

const folder = mkdtempSync(join(tmpdir(), "zip3-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Made up, but for the prefixes that old lists restrict. */
const fixture = 'ZCTA,Population\n02139,15000\n02140,5001\n00501,0\n05901,20000\n06301,90000\n"10001",20001\n10101,20000\n82101,50000\n99901,21000\n99801,20001\n';

it("adds areas up by prefix, and allows what holds more than 20,000 and no older list restricts", () => {
  const sums = populations(fixture);
  expect(sums.get("021")).toBe(20_001);
  expect(allowedPrefixes(sums)).toEqual(["021", "100", "998", "999"]);
  expect(runsOf(["021", "022", "023", "100", "998", "999"])).toBe("021-023 100 998-999");
});

it("reads the headings of the Census Bureau's own tables", () => {
  expect(populations('NAME,P1_001N\n"ZCTA5 02139","36349"\n').get("021")).toBe(36_349);
  expect(populations("GEOID,B01003_001E\n860Z200US02139,7\n").get("021")).toBe(7);
});

it.each(["zcta,other\n02139,1\n", "area,population\n02139,1\n", "zcta,population\n2139,1\n", "zcta,population\n02139,many\n", "zcta,population\n02139,-5\n"])("says where a file is none: %j", (csv) =>
  expect(() => populations(csv)).toThrow(RangeError),
);

it("the command writes the table, and compares it", () => {
  const file = join(folder, "areas.csv");
  const out = join(folder, "zip3.json");
  writeFileSync(file, fixture);
  const run = (...args: string[]) => execFileSync(process.execPath, ["schemas/deidentify/make-zip3.ts", file, ...args], { encoding: "utf8", stdio: "pipe" });
  run("--out", out, "--source", "Fixture", "--review-by", "2030-01-01");
  expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ id: "zip3", version: table.version + 1, source: "Fixture", reviewBy: "2030-01-01", allowed: "021 100 998-999" });
  expect(() => run("--check")).toThrow();
});

it("the table in force has none of the restricted lists", () => {
  const restricted = "000 008 036 059 063 102 202 203 204 205 340 369 556 692 753 772 790 821 823 830 831 878 879 884 890 893 969 090 098 962 966";
  expect(restricted.split(" ").filter((prefix) => allowedZip3.has(prefix))).toEqual([]);
  expect(allowedZip3.size).toBe(871);
});
