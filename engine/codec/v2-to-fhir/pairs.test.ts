import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readMapTables } from "../../sandbox/map-tables.ts";
import { validateFhir } from "../fhir-validate/validate.ts";
import { parseHl7 } from "../hl7v2/index.ts";
import { type Json, writeJson } from "../json/index.ts";
import { Mapper } from "./index.ts";

/**
 * Messages for which nobody publishes a map, and the MedicationRequests and Medications that ours makes of them: about, `---- hl7v2`, `---- fhir` (a line each), `---- findings`.
 * `UPDATE_PAIRS=1` writes what the map says now: read every line before committing it.
 */
const folder = new URL("./fixtures/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".pair"));
const mapper = new Mapper(readMapTables(), "k");

describe("hand-made pairs", () => {
  it.each(names)("%s", (name) => {
    const file = new URL(name, folder);
    const [about = "", hl7 = "", wanted = "", findings = ""] = readFileSync(file, "utf8").split(/^---- \w+\n/m);
    const { bundle, problems } = mapper.map(parseHl7(hl7.replaceAll("\n", "\r")));
    expect(validateFhir(writeJson(bundle as unknown as Json)).filter(({ severity }) => severity === "error")).toEqual([]);
    const entries = bundle["entry"] as readonly { readonly fullUrl: string; readonly resource: Readonly<Record<string, unknown>> }[];
    // Ids are the key's business: a reference is told by the type that it points to.
    const types = new Map(entries.map(({ fullUrl, resource }) => [fullUrl, String(resource["resourceType"])]));
    const orders = entries.flatMap(({ resource: { id: _, ...resource } }) => (/^Medication/.test(String(resource["resourceType"])) ? [resource] : []));
    const got = orders.map((each) => `${writeJson(each as Json).replaceAll(/urn:uuid:[0-9a-f-]+/g, (url) => types.get(url) ?? "?")}\n`).join("");
    const told = problems.map(({ code, path }) => `${code} ${path}\n`).join("");
    if (process.env["UPDATE_PAIRS"]) writeFileSync(file, `${about}---- hl7v2\n${hl7}---- fhir\n${got}---- findings\n${told}`);
    else expect([got, told]).toEqual([wanted, findings]);
  });
});
