/**
 * What a de-identified FHIR resource still holds of the original. It reads both as plain JSON by rules of its own, and shares nothing with the engine: an
 * element is identifying, or clinical, by the name it stands under and what it stands in (45 CFR 164.514(b)(2)(i)).
 */
export interface Score {
  readonly identifiers: number;
  readonly survived: number;
  readonly clinical: number;
  readonly kept: number;
}

interface Leaf {
  /** Names from the root, without positions. */
  readonly path: readonly string[];
  readonly value: string | number | boolean;
  readonly beside: Readonly<Record<string, unknown>>;
}

/** Names of elements whose text is a person's, place's or thing's, or free. */
const identifying = new Set([
  "family", "given", "line", "city", "district", "postalCode", "div", "display", "description", "comment", "title", "conclusion", "patientInstruction", "authorString", "valueString", "reference", "fullUrl", "lotNumber",
  "serialNumber", "subscriberId", "accessionIdentifier", "deviceIdentifier", "carrierHRF", "data", "criteria", "endpoint", "text", "note", "valueUri", "uid", "dependent",
]);
/** Objects whose value identifies. */
const holders = new Set(["identifier", "telecom", "masterIdentifier", "groupIdentifier", "requisition"]);
/** Words of the standard that free text cannot be told from, and what is too short to be told from chance. */
const shortest = 3;
const publicSystem = /^(?:http:\/\/(?:loinc\.org|snomed\.info\/sct|www\.nlm\.nih\.gov\/research\/umls\/rxnorm|unitsofmeasure\.org|hl7\.org\/fhir\/sid\/|terminology\.hl7\.org\/|hl7\.org\/fhir\/)|urn:oid:2\.16\.840\.1\.113883\.6\.238)/;

export function score(original: unknown, lowered: unknown): Score {
  const given = [...leaves(original, [], {})];
  const left = [...leaves(lowered, [], {})];
  const texts = left.map(({ value }) => String(value).toLowerCase());
  // What words of the standard in the same resource hold too would be found whoever wrote them.
  const words = given.filter(isStandard).map(({ value }) => String(value).toLowerCase());
  const identifiers = unique(given.flatMap(identifiersOf)).filter((each) => !words.some((word) => holds(word, each)));
  const survived = identifiers.filter((each) => texts.some((text) => holds(text, each)));
  const clinical = given.filter(isClinical);
  const pool = new Map<string, number>();
  for (const leaf of left) pool.set(nameOf(leaf), (pool.get(nameOf(leaf)) ?? 0) + 1);
  const kept = clinical.filter((leaf) => {
    const count = pool.get(nameOf(leaf)) ?? 0;
    pool.set(nameOf(leaf), count - 1);
    return count > 0;
  });
  return { identifiers: identifiers.length, survived: survived.length, clinical: clinical.length, kept: kept.length };
}

export function sum(scores: readonly Score[]): Score {
  return scores.reduce((a, b) => ({ identifiers: a.identifiers + b.identifiers, survived: a.survived + b.survived, clinical: a.clinical + b.clinical, kept: a.kept + b.kept }), { identifiers: 0, survived: 0, clinical: 0, kept: 0 });
}

function* leaves(value: unknown, path: readonly string[], beside: Readonly<Record<string, unknown>>): Generator<Leaf> {
  if (Array.isArray(value)) for (const each of value) yield* leaves(each, path, beside);
  else if (typeof value === "object" && value !== null) for (const [name, each] of Object.entries(value)) yield* leaves(each, [...path, name], value as Record<string, unknown>);
  else if (value !== null && value !== undefined && value !== "") yield { path, value: value as Leaf["value"], beside };
}

function identifiersOf({ path, value, beside }: Leaf): readonly string[] {
  const [name = "", holder = ""] = path.toReversed();
  if (typeof value !== "string") return [];
  const text = value.trim().toLowerCase();
  // Any date finer than its year.
  if (/^\d{4}-\d\d(?:-\d\d)?(?:t.*)?$/.test(text)) return [text.slice(0, 10)];
  if (name === "id" && "resourceType" in beside) return text.length > shortest ? [text] : [];
  if (name === "reference") return [text.slice(text.lastIndexOf("/") + 1)].filter((id) => id.length > shortest && !text.startsWith("#"));
  if (name === "value" && holders.has(holder)) return text.length > shortest ? [text] : [];
  if (!identifying.has(name)) return [];
  const plain = text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  return plain.length > shortest ? [plain] : [];
}

function isStandard(leaf: Leaf): boolean {
  return isClinical(leaf) || ["system", "profile", "resourceType"].includes(leaf.path.at(-1) ?? "");
}

function isClinical({ path, value, beside }: Leaf): boolean {
  const [name = "", holder = ""] = path.toReversed();
  if (path.includes("text") || path.includes("identifier") || path.includes("meta") || path.includes("contact")) return false;
  if (name === "code" && typeof beside["system"] === "string") return publicSystem.test(beside["system"]);
  if (name === "value" && typeof value === "number") return true;
  return typeof value === "string" && ["status", "gender", "intent", "criticality"].includes(name) && holder !== "text";
}

/** The whole of a short value as a word of its own, so that chance decides little. */
function holds(text: string, identifier: string): boolean {
  for (let at = text.indexOf(identifier); at >= 0; at = text.indexOf(identifier, at + 1)) {
    const [before = "", after = ""] = [text[at - 1], text[at + identifier.length]];
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

function nameOf({ path, value }: Leaf): string {
  return `${path.at(-1)} ${value}`;
}

function unique(all: readonly string[]): readonly string[] {
  return [...new Set(all)];
}
