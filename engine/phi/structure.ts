import { resourceTypes } from "./brief.ts";

/**
 * Whether a surname that is also a word of formats (`structure-words.ts`) stands somewhere as that word. Each place where a surname could stand instead has its own
 * answer, so that a Mr. Draft's report may say `"status":"draft"` and no subject of a mail `Draft`.
 */
type IsStructure = (text: string, start: number, end: number, apart: string | undefined) => boolean;

/** Beside a closed list. */
export const nowhere: IsStructure = () => false;

/** In a head: words of the destination's configuration, a type of resource at the beginning of a path, a type of media. */
export function isWordOf(words: ReadonlySet<string>): IsStructure {
  return (text, start, end) => {
    const word = text.slice(start, end);
    if (/^\s?\/$/.test(text.slice(0, start)) && resourceTypes.has(word)) return true;
    if (/^\s?(?:[\w.+-]+\/)?$/.test(text.slice(0, start)) && /^(?:\/[\w.+-]+)?(?:;|$)/.test(text.slice(end)) && /^\s?(?:text|message|image|application)\//.test(text)) return true;
    return words.has(word.toLowerCase());
  };
}

/** Elements of FHIR that hold one code of a closed set. */
const coded =
  /"(?:status|intent|use|gender|type|code|mode|kind|class|category|priority|criticality|severity|system|clinicalStatus|verificationStatus|docStatus|lifecycleStatus|comparator|rank|unit|fhirVersion)"\s{0,4}:\s{0,4}\[?\s{0,4}"$/;

/** In a body of a whole format: a key, an element or attribute, a literal of JSON, a type of resource, a code. What was set together has no such places: there a word says nothing that stood apart too. */
export const isStructureOfFormat: IsStructure = (text, start, end, apart) => {
  if (apart !== undefined) return holdsWord(apart, text.slice(start, end));
  const before = text.slice(Math.max(0, start - 64), start);
  const after = text.slice(end, end + 64);
  if (/^[\w-]*"\s{0,4}:/.test(after) && /"[\w-]*$/.test(before)) return isOfKey(text, start, end);
  if (/<\/?[\w:-]*$/.test(before) || (/^[\w-]*=["']/.test(after) && /<[^>]*\s[\w:-]*$/.test(before))) return true;
  const word = text.slice(start, end);
  if (/^(?:true|false|null)$/.test(word) && /[:,[]\s{0,4}$/.test(before) && /^\s{0,4}[,}\]]/.test(after)) return true;
  if (resourceTypes.has(word) && (/"resourceType"\s{0,4}:\s{0,4}"$/.test(before) || /^\//.test(after))) return true;
  if (/https?:\/\/(?:[\w-]+\.)*(?:hl7\.org|loinc\.org|snomed\.info|unitsofmeasure\.org)[\w/.-]*$/.test(before)) return true;
  return word === word.toLowerCase() && /^"/.test(after) && coded.test(before);
};

/** Whether a text has the word by itself, in either case, or as a part of a name such as `partNumber`. */
function holdsWord(text: string, word: string): boolean {
  if (!/^[A-Za-z]+$/.test(word)) return false;
  const [lower, wanted] = [text.toLowerCase(), word.toLowerCase()];
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
    if (beginsWord.test(text.slice(Math.max(0, at - 1), at + 1)) && endsWord.test(text.slice(at + word.length - 1, at + word.length + 1))) return true;
  }
  return false;
}

const beginsWord = /^[A-Za-z]$|^[^A-Za-z]|^[a-z][A-Z]/;
const endsWord = /^.$|[^A-Za-z]$|^[a-z][A-Z]/s;

/** Whether a word is one of a key as programs write them: small, a hump of a longer one, or with a capital where the keys around it have one as well. */
function isOfKey(text: string, start: number, end: number): boolean {
  const word = text.slice(start, end);
  if (/^[a-z]+$/.test(word)) return true;
  if (!/^[A-Z](?:[a-z]+|[A-Z]+)$/.test(word)) return false;
  if (/[a-z0-9]/.test(text.charAt(start - 1))) return true;
  const around = [...keysIn(text.slice(Math.max(0, start - near), start)), ...keysIn(text.slice(end, end + near))];
  return around.length > 0 && around.every((key) => /^[A-Z]/.test(key));
}

const near = 512;

function keysIn(text: string): string[] {
  return Array.from(text.matchAll(/"_{0,4}([A-Za-z][\w-]{0,63})"\s{0,4}:/g), ([, key = ""]) => key);
}
