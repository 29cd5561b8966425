import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../../codec/json/index.ts";
import { MessageHarvest } from "../../harvest.ts";
import { fhir } from "./index.ts";
import { hexMint } from "./planting.fixture.ts";

const corpora = fileURLToPath(new URL("../../../../../shared/corpora/fhir/", import.meta.url));
const present = existsSync(corpora) || process.env["CI"] !== undefined;
if (!present) process.stdout.write("skipped: ../shared/corpora/fhir is absent\n");

const specs = {
  "safe-harbor": { method: "safe-harbor", dates: "year", ids: "surrogate" },
  "limited-data-set": { method: "limited-data-set", dates: "keep", ids: "surrogate" },
} as const;

describe.skipIf(!present)("resources that others wrote", () => {
  const files = present ? readdirSync(corpora, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json")) : [];

  it.each(["safe-harbor", "limited-data-set"] as const)("%s: each is lowered or refused by a code, and no strong identifier of its own survives", (method) => {
    const codes = new Map<string, number>();
    const found: string[] = [];
    for (const name of files) {
      const text = readFileSync(`${corpora}${name}`, "utf8");
      let lowered: string;
      try {
        lowered = fhir.deidentify(text, { spec: specs[method], owner: "northside", partner: "acme", now: Date.UTC(2026, 10, 22), mint: hexMint });
        codes.set("lowered", (codes.get("lowered") ?? 0) + 1);
      } catch (error) {
        const code = (error as { code?: string }).code ?? "none";
        codes.set(code, (codes.get(code) ?? 0) + 1);
        continue;
      }
      // An id that is a word (`height`, `patient`) stands in codes and types too.
      const strong = new MessageHarvest(parseJson(text, "fhir"), "fhir").patterns.filter(({ strength, source, kind }) => strength === "strong" && source.length > 3 && (kind !== "resource id" || /\d/.test(source)));
      for (const { source, kind } of strong) if (holds(lowered, source)) found.push(`${name} ${kind}`);
    }
    expect([...codes.keys()].filter((code) => !/^(?:lowered|PHI-230|JSN-\d{3})$/.test(code))).toEqual([]);
    expect(codes.get("lowered")).toBeGreaterThan(120);
    expect(found).toEqual([]);
  }, 60_000);
});

/** As a value or a part of one, whatever its case. */
function holds(text: string, value: string): boolean {
  const escaped = value.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "u").test(text.toLowerCase());
}
