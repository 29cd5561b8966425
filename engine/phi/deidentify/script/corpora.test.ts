import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decode } from "../../../codec/bytes/index.ts";
import { parseScript } from "../../../codec/index.ts";
import { createBoundary } from "../../index.ts";
import { channel, destination, envelope, mint, partner } from "../../testing/given.ts";
import { now } from "../given.fixture.ts";

const corpus = "../shared/corpora/ncpdp";
const here = existsSync(corpus);
if (!here && !process.env["CI"]) process.stdout.write(`skipped: messages of SCRIPT are not at ${corpus}\n`);

/** Random to look at, as the vault's are, and the same in every run. */
const tokens = { ...mint, surrogate: (...parts: (string | undefined)[]) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32) };

/** Of another version. */
const refused = /^legacy-version\.xml PHI-231$/;

describe.skipIf(!here && !process.env["CI"]).each(["safe-harbor", "limited-data-set"] as const)("every message of the corpora: %s", (method) => {
  it("is de-identified, read again, and holds nothing that the guard would refuse", () => {
    const boundary = createBoundary();
    const level = method === "safe-harbor" ? "deidentified" : "limited";
    const deidentify = { method, dates: method === "safe-harbor" ? "year" : "keep", ids: "surrogate" } as const;
    const to = destination({ sends: level, format: "script", deidentify });
    const wrong: string[] = [];
    let read = 0;
    for (const file of globSync(`${corpus}/**/*.xml`)) {
      const raw = parseScript(decode(readFileSync(file), { format: "script" }).text);
      const asked = { text: raw.toString(), format: "script", channel: channel({ source: { ...channel().source, format: "script" } }), destination: to, partner: partner(), raw, now, mint: tokens } as const;
      const lowered = boundary.deidentify(asked);
      const name = file.split("/").at(-1);
      if ("refusal" in lowered) {
        wrong.push(`${name} ${lowered.refusal.code}`);
        continue;
      }
      read++;
      expect(parseScript(lowered.text).type).toBe(raw.type);
      const label = { level, compartments: [], owners: ["northside"], obligations: [], ...(level === "deidentified" && { method: "safe-harbor" as const }) } as const;
      const made = Array.from(lowered.text.matchAll(/[0-9a-f]{32}/g), ([token]) => token);
      const found = boundary.guard({ envelope: envelope(lowered.text), harvest: boundary.harvest(raw, "script"), label, destination: to, partner: partner(), exempt: made });
      if (found) wrong.push(`${name} ${found.code} ${found.rule}`);
    }
    expect(read).toBeGreaterThan(17);
    expect(wrong.filter((each) => !refused.test(each))).toEqual([]);
  });
});
