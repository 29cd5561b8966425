import type { Run } from "./datatype.ts";
import type { Draft, Node } from "./draft.ts";
import { hmacSha256 } from "./sha256.ts";

/** Resources that stand beside the patient's: the same one may be named many times in a message, and is then one. */
const supporting = new Set(["Practitioner", "PractitionerRole", "Organization", "Location", "Device", "Medication"]);

/** Types of a patient's identifier from the one that lasts longest. */
const lasting = ["MR", "PI", "PT", "MC", "JHN"];

/**
 * Ids that follow from business identifiers under the key of the installation: the same patient, order or result has the same id in the next
 * message, and nobody without the key can tell from an id what it was made of. Nothing is random.
 */
export class Identities {
  readonly #run: Run;
  readonly #key: string;
  readonly #message: readonly string[];
  readonly #patient: Draft | undefined;
  readonly #all: readonly Draft[];
  /** Whether descriptions of the same practitioner or organization become one, by their identifier. Else only equal ones do. */
  readonly #merges: boolean;
  readonly #ids = new Map<Draft, string>();
  readonly #used = new Map<string, Draft>();

  constructor(run: Run, given: { readonly key: string; readonly message: readonly string[]; readonly patient: Draft | undefined; readonly drafts: readonly Draft[]; readonly merges: boolean }) {
    this.#run = run;
    this.#key = given.key;
    this.#message = given.message;
    this.#patient = given.patient;
    this.#all = given.drafts;
    this.#merges = given.merges;
  }

  of(draft: Draft): string {
    const known = this.#ids.get(draft);
    if (known !== undefined) return known;
    // A circle of references ends at the message.
    this.#ids.set(draft, this.#uuid([draft.type, ...this.#message]));
    const parts = this.#parts(draft);
    let id = this.#uuid(parts);
    if (!supporting.has(draft.type)) for (let n = 2; this.#used.has(id) && this.#used.get(id) !== draft; n++) id = this.#uuid([...parts, String(n)]);
    this.#used.set(id, draft);
    this.#ids.set(draft, id);
    return id;
  }

  #parts(draft: Draft): readonly string[] {
    const { type, node } = draft;
    const [facility = ""] = this.#message;
    if (type === "MessageHeader" || type === "Provenance") return [type, ...this.#message];
    const identifiers = ((node["identifier"] ?? []) as Node | readonly Node[]);
    const list = (Array.isArray(identifiers) ? identifiers : [identifiers]) as readonly Node[];
    const keys = list.filter((each) => typeof each["value"] === "string");
    if (supporting.has(type)) {
      const [first] = this.#merges ? keys : [];
      return typeof first?.["system"] === "string" ? [type, String(first["system"]), String(first["value"])] : [type, facility, this.#content(draft)];
    }
    const main = type === "Patient" ? (keys.find((each) => lasting.includes(typeOf(each))) ?? keys[0]) : keys[0];
    const whose = draft === this.#patient || this.#patient === undefined ? "" : this.of(this.#patient);
    if (draft.keys.length > 0) return [type, whose, facility, ...draft.keys.slice(0, 2)];
    if (main !== undefined) return [type, whose, typeof main["system"] === "string" ? "" : facility, String(main["system"] ?? ""), String(main["value"])];
    const telling = this.#run.tables.identity[type];
    if (telling === undefined) return [type, whose, ...this.#message];
    return [type, whose, this.#around(draft), ...telling.map((name) => JSON.stringify(node[name] ?? null)), ...(whose === "" && this.#around(draft) === "" ? this.#message : [])];
  }

  /** Keys of the order, report or visit in whose group the resource stands. */
  #around(draft: Draft): string {
    for (let group: Draft["group"] | undefined = draft.group; group; group = group.parent) {
      const found = this.#all.find((each) => each.group.path.startsWith(group?.path ?? "") && isWithin(each.group, group) && each.keys.length > 0 && /^(?:DiagnosticReport|ServiceRequest|Immunization|Appointment|MedicationRequest)$/.test(each.type));
      if (found && found !== draft) return found.keys.join("|");
    }
    return "";
  }

  #content(draft: Draft): string {
    const to = new Map(draft.references.map((each) => [each.node, each.to]));
    return JSON.stringify(draft.node, (_, value: unknown) => {
      const target = typeof value === "object" && value !== null ? to.get(value as Node) : undefined;
      return target === undefined ? value : { reference: this.of(target) };
    });
  }

  /** A UUID of version 8 (RFC 9562) out of 122 bits of the HMAC. */
  #uuid(parts: readonly string[]): string {
    const hex = hmacSha256(this.#key, JSON.stringify(parts));
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${"89ab"[Number.parseInt(hex.charAt(16), 16) & 3]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}

function typeOf(identifier: Node): string {
  return String((identifier["type"] as { coding?: readonly { code?: string }[] } | undefined)?.coding?.[0]?.code ?? "");
}

function isWithin(group: Draft["group"], outer: Draft["group"] | undefined): boolean {
  for (let at: Draft["group"] | undefined = group; at; at = at.parent) if (at === outer) return true;
  return false;
}
