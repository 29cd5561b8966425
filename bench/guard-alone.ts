import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTree } from "../engine/codec/index.ts";
import { createBoundary } from "../engine/phi/index.ts";
import { destination, envelope, label, partner } from "../engine/phi/testing/given.ts";
import { median, rounded } from "./statistics.ts";

export interface Alone {
  readonly us_per_kb: number;
  readonly p50_ms_20kb: number;
  readonly p99_ms_20kb: number;
  /** Of a message and a body of 1 KB: what each message costs, whatever its length. */
  readonly us_1kb: number;
  readonly identifiers: number;
  readonly bytes: number;
  readonly runs: number;
}

/** The guard of a 20 KB body toward a partner without an agreement, its identifiers taken from the message anew each time, as the flow does. */
export function guardAlone(runs: number): Alone {
  const body = deidentified(20 * 1024);
  const { whole, identifiers } = timesOf(message(), body, runs);
  const small = timesOf(readFileSync(join(import.meta.dirname, "messages", "adt-1k.hl7"), "utf8"), deidentified(1024), runs * 2);
  const sorted = whole.toSorted((a, b) => a - b);
  return {
    us_per_kb: rounded((median(whole) * 1000) / (body.length / 1024), 2),
    p50_ms_20kb: rounded(median(whole), 3),
    p99_ms_20kb: rounded(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN, 3),
    us_1kb: rounded(median(small.whole) * 1000, 0),
    identifiers,
    bytes: body.length,
    runs,
  };
}

/** In ms, one for each run. */
function timesOf(text: string, body: string, runs: number): { readonly whole: readonly number[]; readonly identifiers: number } {
  const boundary = createBoundary();
  const to = { label: label("deidentified", [], { method: "safe-harbor" }), destination: destination({ sends: "deidentified" }), partner: partner() };
  const whole: number[] = [];
  let identifiers = 0;
  for (let run = -Math.ceil(runs / 4); run < runs; run++) {
    const raw = readTree("hl7v2", text);
    const started = performance.now();
    const harvest = boundary.harvest(raw, "hl7v2");
    const refusal = boundary.guard({ ...to, envelope: envelope(body), harvest, exempt: [surrogate] });
    const ended = performance.now();
    identifiers = harvest.size;
    if (refusal) throw new Error(`a clean body was refused: ${refusal.code} ${refusal.rule}`);
    if (run < 0) continue;
    whole.push(ended - started);
  }
  return { whole, identifiers };
}

/** As the engine mints them. */
const surrogate = "5a0c9e6d41f27b8390d6e1c4a7f35b28";

/** A report with its patient, relatives, guarantor and insurance: 120 identifiers to look for. */
function message(): string {
  const lines = [
    "MSH|^~\\&|LAB|NORTHSIDE|SLUICE|CENTRAL|20260314113045||ORU^R01|C77300218844|P|2.5.1",
    "PID|1||70018234^^^N^MR||Lindqvist^Marta^Elise||19710623|F|||418 Juniper Terrace^Apt 3^Millbrook^OH^44601||(330) 555-0147^^^marta.lindqvist@mail.example|||||ACC5520981|900-55-0142",
    "NK1|1|Lindqvist^Tomas|SPO||(330) 555-0188",
    "PV1|1|O|CLINIC^12||||1538772^Haverkamp^Ruth||||||||||||V26031417",
    "IN1|1|PPO|77|Blue Plan||||GRP00881||||||||Lindqvist^Marta|SEL|19710623||||||||||||||||||POL4455667",
    "ORC|RE|ORD8840217^EHR|LAB2261903^LABCORE",
    "OBR|1|ORD8840217^EHR|LAB2261903^LABCORE|24323-8^Panel^LN|||20260314091500",
  ];
  for (let i = 0; i < 18; i++) lines.push(`OBX|${i + 1}|NM|718-7^Hemoglobin^LN||${(12 + i / 10).toFixed(1)}|g/dL|12-16|N|||F|||2026031${i % 9}113000||X${410_000 + i * 37}^Tech^Ana`);
  return lines.join("\r");
}

/** A body such as de-identification leaves: codes, units, numbers, years and the engine's tokens. */
function deidentified(length: number): string {
  const results: unknown[] = [];
  const codes = ["718-7", "4544-3", "6690-2", "777-3", "2345-7", "2160-0", "17861-6"];
  let size = 0;
  for (let i = 0; size < length; i++) {
    const entry = {
      resourceType: "Observation", status: "final", code: { coding: [{ system: "http://loinc.org", code: codes[i % codes.length] }] },
      subject: { reference: `Patient/${surrogate}` }, effectiveDateTime: "2026",
      valueQuantity: { value: Number((10 + (i * 7919) % 977 / 10).toFixed(1)), unit: "g/dL", system: "http://unitsofmeasure.org", code: "g/dL" },
      interpretation: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code: i % 5 === 0 ? "H" : "N" }] }],
    };
    results.push({ resource: entry });
    size += JSON.stringify(entry).length + 14;
  }
  return JSON.stringify({ resourceType: "Bundle", type: "collection", entry: results });
}
