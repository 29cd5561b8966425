import { existsSync, globSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decode } from "../../codec/bytes/index.ts";
import { parseHl7 } from "../../codec/index.ts";
import { codeOf } from "../../sdk/index.ts";
import { createBoundary } from "../index.ts";
import { channel, destination, envelope, mint, partner } from "../testing/given.ts";
import { lowered, now } from "./given.fixture.ts";
import { rows } from "./hl7v2/table.ts";

const corpus = "../shared/corpora/hl7v2";
const here = existsSync(corpus);
if (!here && !process.env["CI"]) process.stdout.write(`skipped: messages of HL7 v2 are not at ${corpus}\n`);

/** Random to look at, as the vault's are, and the same in every run. */
const hex = (...parts: (string | undefined)[]) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32);
const tokens = { ...mint, surrogate: (to: string, kind: string, value?: string) => hex(to, kind, value) };

/** Everything in them is called A, the patient and the town too. */
const placeholders = /OUL-R2[24]-0[12]\.hl7 PHI-201 (?:strong|medium)$/;

const methods = [
  { method: "safe-harbor", dates: "year", ids: "surrogate" },
  { method: "limited-data-set", dates: "keep", ids: "surrogate" },
] as const;

describe.skipIf(!here && !process.env["CI"]).each(methods)("every message of the corpora: $method", (deidentify) => {
  it("is de-identified without a crash, is read again, and holds nothing that the guard would refuse", () => {
    const boundary = createBoundary();
    const level = deidentify.method === "safe-harbor" ? "deidentified" : "limited";
    const to = destination({ sends: level, format: "hl7v2", deidentify });
    const refused: string[] = [];
    let read = 0;
    for (const file of globSync(`${corpus}/**/*.{hl7,txt}`)) {
      const raw = readable(file);
      if (!raw) continue;
      read++;
      const input = { text: raw.toString(), format: "hl7v2", channel: channel(), destination: to, partner: partner(), raw, now, mint: tokens } as const;
      const lowered = boundary.deidentify(input);
      if ("refusal" in lowered) {
        refused.push(`${file} ${lowered.refusal.code} ${lowered.refusal.rule}`);
        continue;
      }
      expect(parseHl7(lowered.text).toString()).toBe(lowered.text);
      const label = { level, compartments: [], owners: ["northside"], obligations: [], ...(level === "deidentified" && { method: "safe-harbor" as const }) } as const;
      const made = Array.from(lowered.text.matchAll(/[0-9a-f]{20,32}/g), ([token]) => token);
      const found = boundary.guard({ envelope: envelope(lowered.text), harvest: boundary.harvest(raw, "hl7v2"), label, destination: to, partner: partner(), exempt: made });
      if (found) refused.push(`${file} ${found.code} ${found.rule}`);
    }
    expect(read).toBeGreaterThan(250);
    expect(refused.filter((each) => !placeholders.test(each))).toEqual([]);
  }, 120_000);
});

/** By the table alone, without the guard's own list of what identifies. */
it.skipIf(!here && !process.env["CI"])("what stood in a field that goes, or says a date, stands in no field of any message", () => {
  const gone = new Set(["rm", "text", "id", "record", "birth", "address", "date", "year", "timing"]);
  const left: string[] = [];
  let read = 0;
  for (const file of globSync(`${corpus}/**/*.{hl7,txt}`)) {
    const raw = readable(file);
    if (!raw) continue;
    const kept = new Set(Array.from(parseHl7(lowered(raw.toString(), { mint: tokens })).leaves(), ({ value }) => value));
    const leaves = Array.from(raw.leaves(), ({ path, value }) => ({ path, value, action: rows.get(/^\w{3}(?:\[\d+\])?-\d+/.exec(path)?.[0].replace(/\[\d+\]/, "") ?? "")?.safeHarbor.action ?? "rm" }));
    // A code stands where it may, wherever else somebody wrote it.
    const elsewhere = new Set(leaves.filter(({ action }) => !gone.has(action)).map(({ value }) => value));
    read += leaves.length;
    left.push(...leaves.filter(({ action, value }) => gone.has(action) && value.length > 4 && kept.has(value) && !elsewhere.has(value)).map(({ path }) => `${file} ${path}`));
  }
  expect(read).toBeGreaterThan(50_000);
  expect(left).toEqual([]);
}, 120_000);

function readable(file: string): ReturnType<typeof parseHl7> | undefined {
  try {
    return parseHl7(decode(readFileSync(file), { format: "hl7v2" }).text);
  } catch (error) {
    // Not every text file there is a message.
    expect(codeOf(error, "FLW-204")).toMatch(/^(?:HL7|COD|CHR|BYT)-/);
    return undefined;
  }
}
