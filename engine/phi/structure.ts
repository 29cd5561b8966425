import { resourceTypes } from "./brief.ts";

/**
 * Whether a surname that is also a word of formats (`structure-words.ts`) stands somewhere as that word. Each place where a surname could stand instead has its own
 * answer, so that a Mr. Draft's report may say `"status":"draft"` and no subject of a mail `Draft`.
 */
type IsStructure = (text: string, start: number, end: number, isJoined: boolean) => boolean;

/** Beside a closed list. */
export const nowhere: IsStructure = () => false;

const wordsOf = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();

/** In a head: words of the destination's configuration, a type of resource at the beginning of a path, a type of media. */
export function isWordOf(configured: ReadonlySet<string>): IsStructure {
  return (text, start, end) => {
    const word = text.slice(start, end);
    if (/^\s?\/$/.test(text.slice(0, start)) && resourceTypes.has(word)) return true;
    if (/^\s?(?:[\w.+-]+\/)?$/.test(text.slice(0, start)) && /^(?:\/[\w.+-]+)?(?:;|$)/.test(text.slice(end)) && /^\s?(?:text|message|image|application)\//.test(text)) return true;
    let words = wordsOf.get(configured);
    if (!words) wordsOf.set(configured, (words = new Set([...configured].flatMap((each) => each.toLowerCase().split(/[^a-z]+/)))));
    return words.has(word.toLowerCase());
  };
}

/** Elements of FHIR that hold one code of a closed set. */
const coded =
  /"(?:status|intent|use|gender|type|code|mode|kind|class|category|priority|criticality|severity|system|clinicalStatus|verificationStatus|docStatus|lifecycleStatus|comparator|rank|unit|fhirVersion)"\s{0,4}:\s{0,4}\[?\s{0,4}"$/;

/** In a body of a whole format: a key, an element or attribute, a literal of JSON, a type of resource, a code. What was set together has no such places. */
export const isStructureOfFormat: IsStructure = (text, start, end, isJoined) => {
  if (isJoined) return true;
  const before = text.slice(Math.max(0, start - 64), start);
  const after = text.slice(end, end + 64);
  if (/^[\w-]*"\s{0,4}:/.test(after) && /"[\w-]*$/.test(before)) return true;
  if (/<\/?[\w:-]*$/.test(before) || (/^[\w-]*=["']/.test(after) && /<[^>]*\s[\w:-]*$/.test(before))) return true;
  const word = text.slice(start, end);
  if (/^(?:true|false|null)$/.test(word) && /[:,[]\s{0,4}$/.test(before) && /^\s{0,4}[,}\]]/.test(after)) return true;
  if (resourceTypes.has(word) && (/"resourceType"\s{0,4}:\s{0,4}"$/.test(before) || /^\//.test(after))) return true;
  if (/https?:\/\/(?:[\w-]+\.)*(?:hl7\.org|loinc\.org|snomed\.info|unitsofmeasure\.org)[\w/.-]*$/.test(before)) return true;
  return word === word.toLowerCase() && /^"/.test(after) && coded.test(before);
};
