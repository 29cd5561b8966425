/**
 * Words of formats that are surnames too: names of elements and codes of status in FHIR, HL7 v2 and JSON at large. Alone they say nothing, or no message of a Mr. Code could be
 * reported; beside the given name they are a name like any other.
 */
export const structureWords: ReadonlySet<string> = new Set([
  "active", "address", "amount", "answer", "bundle", "booked", "code", "coding", "completed", "condition", "contact", "count", "date", "display", "draft", "encounter", "entry", "event", "female", "final",
  "group", "home", "identifier", "issued", "item", "label", "language", "link", "list", "location", "male", "medication", "member", "name", "note", "observation", "order", "panel", "part", "patient", "period",
  "person", "phone", "planned", "position", "price", "profile", "provider", "quantity", "range", "reason", "reference", "report", "request", "resource", "result", "role", "route", "score", "section",
  "service", "source", "specimen", "start", "state", "status", "subject", "system", "target", "text", "time", "title", "total", "type", "unit", "value", "version", "visit", "work", "year",
]);

/** Short words of formats, units and status that two short names make: `Ma Le`, `Da Ta`. */
const shortWords: ReadonlySet<string> = new Set([
  "male", "data", "date", "note", "name", "type", "code", "dose", "home", "true", "null", "none", "once", "oral", "test", "line", "time", "mail", "page", "size", "rate", "base", "file", "user", "city", "zone",
  "main", "mode", "node", "site", "side", "same", "some", "that", "this", "then", "than", "with", "from", "have", "been", "were", "when", "what", "will", "more", "most", "only", "over", "also", "into", "your",
  "female", "events", "visits", "result", "number", "string", "object", "active", "coding", "system", "issued", "person", "family", "given", "value", "event", "visit", "status", "human", "urine", "woman", "women",
]);

/** Whether two names written as one word are a word that says nothing. */
export function isCommonWord(word: string): boolean {
  const lower = word.toLowerCase().replace(/[^a-z]/g, "");
  return structureWords.has(lower) || shortWords.has(lower);
}
