import { parse } from "yaml";
import type { Block } from "./blocks.ts";

/** What a piece of YAML in a page stands for; said by the word after `yaml`. */
export type Kind = "channel" | "source" | "destination" | "partners" | "partner" | "sluice";
const kinds: readonly string[] = ["channel", "source", "destination", "partners", "partner", "sluice"];

export function kindOf({ words }: Block): Kind | undefined {
  return kinds.includes(words[0] ?? "") ? (words[0] as Kind) : undefined;
}

const link = "{ auth: none, allow: ['*'], limit: 50/s, audit: full, phi: allowed }";
const agreement = "{ id: TREAT, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2026-01-01, timezone: UTC }";
const research = "{ id: RESEARCH, basis: deidentified, levels: [deidentified], purposes: [HRESCH], effective: 2026-01-01, timezone: UTC }";

/** Beside each other these make a project that lints; a piece takes the place of the keys it names. */
const partner = { kind: "kind: provider", endpoints: 'endpoints: [{ id: results, url: "mllp://127.0.0.1:8052" }, { id: web, url: "http://127.0.0.1:8053" }, { id: rows, url: "postgres://127.0.0.1:5432/visits", login: { user: sluice, password: "${env:WARD_PASSWORD}" } }, { id: calendars, url: "feed://127.0.0.1:8043/calendars" }]', agreements: `agreements: [${agreement}, ${research}]`, mayDeidentify: "mayDeidentify: true", links: `links: { inbound: ${link}, outbound: ${link} }` };
const source = { partner: "partner: lab", mllp: "mllp: { port: 2575 }", types: "types: [ORU^R01]" };
const destination = { partner: "partner: ward", purpose: "purpose: TREAT", mllp: "mllp: { endpoint: results }" };
const channel = { channel: "channel: sample", classification: "classification: phi", source: `source:\n${indent(Object.values(source))}`, destinations: `destinations:\n  ward:\n${indent(Object.values(destination), 4)}` };

/** Connectors: naming one leaves out the skeleton's. */
const connectors = ["mllp", "http", "file", "timer", "channel", "fhir", "fhir-poll", "sftp", "database", "smtp", "stripe", "scim", "lookup", "smart-launch", "ical-poll", "ical-feed"];

/** The files of a small project in which this piece stands. */
export function projectWith(kind: Kind, text: string): Readonly<Record<string, string>> {
  const files = {
    "sluice.yaml": "name: sample\n",
    "partners.yaml": `partners:\n  lab:\n${indent(Object.values(partner), 4)}\n  ward:\n${indent(Object.values(partner), 4)}\n`,
    "sample.yaml": `${Object.values(channel).join("\n")}\n`,
  };
  switch (kind) {
    case "sluice":
      return { ...files, "sluice.yaml": over({ name: "name: sample" }, text) };
    case "partners":
      return { ...files, "partners.yaml": text, "sample.yaml": "" };
    case "partner": {
      // Who only sends is the lab, anybody else the ward.
      const sender = /\binbound:/.test(text) && !/\boutbound:/.test(text);
      const [lab, ward] = sender ? [over(partner, text), over(partner, "")] : [over(partner, ""), over(partner, text)];
      return { ...files, "partners.yaml": `partners:\n  lab:\n${indent([lab], 4)}\n  ward:\n${indent([ward], 4)}\n` };
    }
    case "channel":
      return { ...files, "sample.yaml": over(channel, text) };
    case "source": {
      const piece = { ...channel, source: `source:\n${indent([over(source, text)])}` };
      // MLLP sends HL7 v2 alone; whatever a source reads can go by HTTP.
      const other = /^format: (?!hl7v2)/m.test(text) ? { destinations: `destinations:\n  ward:\n${indent([destination.partner, destination.purpose, "http: { endpoint: web }"], 4)}` } : {};
      return { ...files, "sample.yaml": over({ ...piece, ...other }, "") };
    }
    case "destination":
      return { ...files, "sample.yaml": over({ ...channel, destinations: `destinations:\n  ward:\n${indent([over(destination, text)], 4)}` }, "") };
  }
}

function over(base: Readonly<Record<string, string>>, text: string): string {
  const given: unknown = text.trim() === "" ? {} : parse(text);
  if (typeof given !== "object" || given === null) throw new RangeError("a piece of YAML has keys");
  const connected = connectors.some((name) => Object.hasOwn(given, name));
  const kept = Object.entries(base).filter(([key]) => !Object.hasOwn(given, key) && !(connected && connectors.includes(key)));
  return `${[...kept.map(([, line]) => line), text].join("\n")}\n`;
}

function indent(lines: readonly string[], by = 2): string {
  return lines.join("\n").replace(/^(?=.)/gm, " ".repeat(by));
}
