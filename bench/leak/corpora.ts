import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Beside the repository; read in place, never copied into it. */
const root = join(import.meta.dirname, "../../../shared/corpora");

export interface Corpora {
  /** Segments of real HL7 v2 messages, without those that name people: each list follows an MSH of our own. */
  readonly bodies: readonly (readonly string[])[];
  /** FHIR resources that are about somebody, as JSON. */
  readonly resources: readonly Record<string, unknown>[];
  readonly names: readonly string[];
  readonly nouns: readonly string[];
}

/** What others wrote, or nothing when it is not beside the repository. */
export function corpora(): Corpora | undefined {
  const from = root;
  if (!existsSync(join(from, "hl7v2"))) return undefined;
  const lists = join(from, "deid/name-lists/third_party");
  const boys = readFileSync(join(lists, "historicname_tcm77-254032-boys.csv"), "utf8");
  const names = [...new Set(boys.split("\n").filter((line) => /^\d+,/.test(line)).flatMap((line) => line.trim().split(",").slice(1)))].filter((name) => /^[A-Z]{3,}$/.test(name));
  const nouns = readFileSync(join(lists, "nouns.txt"), "utf8").split("\n").map((line) => line.trim()).filter((noun) => /^[a-z]{4,12}$/.test(noun));
  return { bodies: bodies(join(from, "hl7v2")), resources: resources(join(from, "fhir/us-core-6.1.0-examples")), names, nouns };
}

/** Segments that name the patient, relatives, payers, and those whose fields only the real sender could read. */
const about = new Set(["MSH", "PID", "NK1", "GT1", "IN1", "IN2", "IN3", "PD1", "MRG", "FHS", "BHS", "FTS", "BTS", "ZPI"]);

function bodies(folder: string): string[][] {
  const found: string[][] = [];
  for (const file of filesIn(folder)) {
    const text = readFileSync(file, "latin1");
    const first = text.search(/MSH\|\^~\\&\|/);
    if (first < 0 || first > 3 || text.length > 8000) continue;
    const lines = text.slice(first).split(/[\r\n]+/);
    const kept = lines.filter((line) => /^[A-Z][A-Z0-9]{2}\|/.test(line) && !about.has(line.slice(0, 3)) && /^[\x20-\x7e]*$/.test(line));
    if (kept.length > 0) found.push(kept.slice(0, 12));
  }
  return found;
}

function resources(folder: string): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  for (const file of filesIn(folder)) {
    if (!file.endsWith(".json")) continue;
    const text = readFileSync(file, "utf8");
    if (text.length > 8000) continue;
    const resource = JSON.parse(text) as Record<string, unknown>;
    if (/^(?:Observation|Encounter|Condition|Procedure|MedicationRequest|Immunization|AllergyIntolerance|Goal|DiagnosticReport)$/.test(String(resource["resourceType"]))) found.push(resource);
  }
  return found;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
