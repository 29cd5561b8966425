import type { Json } from "../../../codec/json/index.ts";
import { about, type DeidentifyContext } from "../context.ts";
import { dateIn, latestOf } from "../dates.ts";
import type { Patient } from "../patient.ts";
import { wordsOf } from "../places.ts";
import { type JsonObject, isList, isObject, textAt } from "./json.ts";

/** Elements by which a resource says whose it is. */
const subjects: readonly string[] = ["subject", "patient", "beneficiary", "for", "individual"];

/**
 * Whose dates move together and whose ages count. A patient is known by the logical id, since a message that holds no Patient knows no other. Of a message
 * with several, a resource that does not say whose it is counts as the oldest one's, and its dates do not move.
 */
export class MessagePatients {
  readonly #context: DeidentifyContext;
  readonly #births = new Map<string, string | undefined>();

  constructor(root: Json, context: DeidentifyContext) {
    const dates: string[] = [];
    look(root, (resource) => this.#births.set(keyOf(resource), birthOf(resource)), dates);
    const latest = latestOf(dates);
    this.#context = { ...context, names: namesIn(root), ...(latest !== undefined && { latest }) };
  }

  contextOf(resource: JsonObject): DeidentifyContext {
    const key = textAt(resource, "resourceType") === "Patient" ? keyOf(resource) : this.#subject(resource);
    const [only] = this.#births.keys();
    const { patient, birth } = this.#context;
    // What the raw message knows its one patient by goes before what a transform called them: so HL7 v2 and FHIR of one message move alike.
    if (patient !== undefined && this.#births.size <= 1) return about(this.#context, patient, [birth, this.#oldest()].filter((each) => each !== undefined).sort()[0]);
    if (key === undefined && this.#births.size === 1) return about(this.#context, only, this.#oldest());
    return about(this.#context, key, key !== undefined && this.#births.has(key) ? this.#births.get(key) : this.#oldest());
  }

  #subject(resource: JsonObject): string | undefined {
    for (const name of subjects) {
      const text = textAt(resource[name], "reference");
      const [, id] = /(?:^|\/)Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/.exec(text) ?? [];
      if (id !== undefined) return `Patient/${id}`;
      // An entry's URL: of one patient there is no doubt.
      if (text.startsWith("urn:")) return this.#births.size === 1 ? [...this.#births.keys()][0] : undefined;
    }
    return undefined;
  }

  #oldest(): string | undefined {
    return [...this.#births.values()].filter((each) => each !== undefined).sort()[0];
  }
}

export function patientIn(resource: JsonObject): Patient {
  const birth = birthOf(resource);
  return textAt(resource, "resourceType") === "Patient" ? { patient: keyOf(resource), ...(birth !== undefined && { birth }) } : {};
}

/** `YYYY[MM[DD]]`. */
function birthOf(patient: JsonObject): string | undefined {
  const text = textAt(patient, "birthDate");
  return dateIn(text) ? text.replaceAll("-", "").slice(0, 8) : undefined;
}

function keyOf(patient: JsonObject): string {
  return `Patient/${textAt(patient, "id")}`;
}

/** Words of the names of the message's persons. */
function namesIn(value: Json, found = new Set<string>()): ReadonlySet<string> {
  if (isList(value)) for (const each of value) namesIn(each, found);
  if (!isObject(value)) return found;
  const given = value["given"];
  for (const name of [value["family"], ...(isList(given) ? given : [])]) if (typeof name === "string") for (const word of wordsOf(name)) found.add(word);
  for (const each of Object.values(value)) namesIn(each, found);
  return found;
}

/** Every Patient, and every date that something may have happened at. */
function look(value: Json, found: (patient: JsonObject) => void, dates: string[]): void {
  if (typeof value === "string") {
    if (/^\d{4}-\d\d/.test(value)) dates.push(value);
  } else if (isList(value)) {
    for (const each of value) look(each, found, dates);
  } else if (isObject(value)) {
    if (textAt(value, "resourceType") === "Patient") found(value);
    for (const each of Object.values(value)) look(each, found, dates);
  }
}
