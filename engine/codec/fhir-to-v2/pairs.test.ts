import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readBackTables } from "../../sandbox/map-tables.ts";
import { validateFhir } from "../fhir-validate/validate.ts";
import { checkHl7 } from "../hl7v2/strict/index.ts";
import { readJson } from "../json/index.ts";
import { type BackOptions, BackMapper } from "./index.ts";

/** About, `---- options`, `---- fhir`, `---- hl7v2`, `---- findings`. `UPDATE_PAIRS=1` writes what the map says now: read every segment before committing it. */
const folder = new URL("./fixtures/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".pair"));
const mapper = new BackMapper(readBackTables());
const stamp = { now: Date.UTC(2026, 2, 9, 15, 30), controlId: "C1" };

describe("hand-made pairs", () => {
  it.each(names)("%s", (name) => {
    const file = new URL(name, folder);
    const text = readFileSync(file, "utf8");
    const [about = "", options = "", fhir = "", wanted = "", findings = ""] = text.split(/^---- \w+\n/m);
    expect(validateFhir(fhir).filter(({ severity }) => severity === "error")).toEqual([]);
    const { message, problems } = mapper.map(readJson(fhir, { numbers: "exact" }), JSON.parse(options) as BackOptions, stamp);
    const got = message.toString().replaceAll("\r", "\n");
    const told = problems.map(({ code, path }) => `${code} ${path}\n`).join("");
    if (process.env["UPDATE_PAIRS"]) writeFileSync(file, `${about}---- options\n${options}---- fhir\n${fhir}---- hl7v2\n${got}---- findings\n${told}`);
    else expect([got, told]).toEqual([wanted, findings]);
    // A value longer than the version foresees is kept whole: HL7-409 is no fault here.
    expect(checkHl7(message).filter(({ severity, code }) => severity === "error" && code !== "HL7-409").map(({ code, path }) => `${code} ${path}`)).toEqual([]);
  });
});
