import { Hl7Message, ScriptMessage, type Tree } from "../codec/index.ts";
import { placedElements, textOf } from "../codec/script/walk.ts";
import { localName } from "../codec/xml/node.ts";
import { mostPatients, type PatientIds, type Patients } from "./disclosure.ts";
import { patientsInIcal } from "./patients-ical.ts";
import { patientsInX12 } from "./patients-x12.ts";

/**
 * Whom a message is about: for HL7 v2 each PID by its identifiers (PID-2, 3 and 4, all repetitions), for FHIR each Patient and each reference to one,
 * for X12 each subscriber and patient by member id and by the claims' own numbers, for SCRIPT each patient by what stands in its Identification, with the
 * name of the element as who gave it.
 * For iCalendar it is each attendee but the organizer, by the address.
 * Other formats say it by `path` (`source.patient`) alone, which also goes before the formats' own places; without one, nobody is known.
 */
export function patientsOf(tree: Tree, format: string, owner: string, path?: string): Patients {
  const found = path !== undefined ? tree.values(path).map((id) => [id]) : (known[format]?.(tree) ?? []);
  const all = merged(found.filter((ids) => ids.length > 0));
  const patients = all.slice(0, mostPatients).map((ids): PatientIds => ({ owner, ids }));
  return { patients, more: all.length - patients.length };
}

const known: Readonly<Record<string, (tree: Tree) => readonly string[][]>> = { hl7v2: inHl7, fhir: inFhir, x12: patientsInX12, script: inScript, ical: patientsInIcal };

/** Everybody in several lists, each once. */
export function everybody(lists: readonly Patients[]): Patients {
  const all = new Map(lists.flatMap(({ patients }) => patients.map((each) => [JSON.stringify(each), each])));
  const patients = [...all.values()].slice(0, mostPatients);
  return { patients, more: all.size - patients.length + lists.reduce((sum, { more }) => sum + more, 0) };
}

/** More repetitions than any sender has; what is behind them is the same patient anyway. */
const mostIds = 20;

function inHl7(tree: Tree): string[][] {
  if (!(tree instanceof Hl7Message)) return [];
  const repetition = tree.delimiters.repetition;
  return tree.all("PID").map((pid) =>
    [3, 2, 4].flatMap((field) => {
      const raw = pid.getRaw(field);
      const count = raw === "" ? 0 : Math.min(mostIds, raw.split(repetition).length);
      return Array.from({ length: count }, (_, i) => {
        const at = (component: string) => pid.get(`${field}[${i + 1}].${component}`) ?? "";
        const id = at("1");
        const authority = id && (at("4.1") || at("4.2"));
        return named(id, authority === "" ? undefined : `${id}^^^${authority}`);
      }).flat();
    }),
  );
}

function named(id: string, qualified: string | undefined): string[] {
  return id === "" ? [] : qualified === undefined ? [id] : [id, qualified];
}

function inScript(tree: Tree): string[][] {
  if (!(tree instanceof ScriptMessage)) return [];
  const found: string[][] = [];
  for (const { element, type } of placedElements(tree.root)) {
    if (type !== "HumanPatient" && type !== "NonHumanPatient") continue;
    const given = element.children.filter(({ name }) => localName(name) === "Identification").flatMap(({ children }) => children);
    found.push(given.slice(0, mostIds).flatMap((each) => named(textOf(each), `${textOf(each)}^^^${localName(each.name)}`)));
  }
  return found;
}

type Json = { readonly [key: string]: unknown };

const reference = /(?:^|\/)(Patient\/[A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]*)?$/;

function inFhir(tree: Tree): string[][] {
  const found: string[][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) return value.forEach(walk);
    const node = value as Json;
    if (node["resourceType"] === "Patient") found.push(ofPatient(node));
    const to = typeof node["reference"] === "string" ? reference.exec(node["reference"])?.[1] : undefined;
    const isPatient = to !== undefined || node["type"] === "Patient";
    if (isPatient && node["resourceType"] === undefined) found.push([...(to === undefined ? [] : [to]), ...identifiers([node["identifier"]])]);
    for (const key in node) walk(node[key]);
  };
  walk(JSON.parse(tree.toString()));
  return found;
}

function ofPatient({ id, identifier }: Json): string[] {
  return [...(typeof id === "string" && id !== "" ? [`Patient/${id}`] : []), ...identifiers(Array.isArray(identifier) ? identifier : [])];
}

function identifiers(list: readonly unknown[]): string[] {
  return list.slice(0, mostIds).flatMap((each) => {
    const { system, value } = (each ?? {}) as Json;
    return typeof value === "string" && value !== "" ? named(value, typeof system === "string" && system !== "" ? `${system}|${value}` : undefined) : [];
  });
}

/** One patient for all places that share an id. */
function merged(found: readonly string[][]): readonly (readonly string[])[] {
  const patients: Set<string>[] = [];
  const known = new Map<string, Set<string>>();
  for (const ids of found) {
    let patient = ids.map((id) => known.get(id)).find((each) => each !== undefined);
    if (patient === undefined) patients.push((patient = new Set()));
    for (const id of ids) {
      patient.add(id);
      known.set(id, patient);
    }
  }
  return patients.map((ids) => [...ids]);
}
