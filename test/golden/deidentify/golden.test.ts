import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseHl7 } from "../../../engine/codec/index.ts";
import type { DeidentifySpec } from "../../../engine/config/project.ts";
import { hl7v2 } from "../../../engine/phi/deidentify/hl7v2/index.ts";

const here = import.meta.dirname;
const methods: Readonly<Record<string, DeidentifySpec>> = {
  "safe-harbor": { method: "safe-harbor", dates: "year", ids: "surrogate" },
  "limited-data-set": { method: "limited-data-set", dates: "keep", ids: "surrogate" },
  expert: { method: "expert", dates: "shift", ids: "pseudonym", certificate: "ED-2026-7" },
};
const mint = { surrogate: (_: string, kind: string, value?: string) => `token-of-${kind.split(" ")[0]}${value === undefined ? "" : `-${value.length}`}`, pseudonym: (_: string, __: string, kind: string) => `pseudonym-of-${kind}`, shiftDays: () => -100 };
const names = readdirSync(here).filter((name) => /^[a-z]+\.hl7$/.test(name));

describe.each(names)("%s", (name) => {
  it.each(Object.keys(methods))("%s", (method) => {
    const text = readFileSync(join(here, name), "utf8").replaceAll("\n", "\r");
    const spec = methods[method] as DeidentifySpec;
    const now = Date.UTC(2026, 10, 22, 12);
    const out = hl7v2.deidentify(text, { spec, owner: "northside", partner: "acme", now, mint, ...hl7v2.patientOf(parseHl7(text)) });
    const file = join(here, name.replace(".hl7", `.${method}.hl7`));
    const written = out.replaceAll("\r", "\n");
    if (process.env["UPDATE_GOLDEN"] === "1" || !existsSync(file)) writeFileSync(file, written);
    expect(written).toBe(readFileSync(file, "utf8"));
  });
});
