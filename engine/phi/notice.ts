import { type Hl7Segment, type JsonTree, parseHl7, parseJson } from "../codec/index.ts";
import { EngineError, type Format } from "../sdk/index.ts";
import { byNotice } from "./obligations.ts";

/** What 42 CFR 2.32(a) says to whoever receives such records; its short form, which (a)(2) gives word for word. */
const part2Notice = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";
const noFurther = "These records may not be disclosed further without the consent of the patient, except as the law allows.";

/** Whether a sentence is one that this engine writes, or another engine of its kind. */
export function isNotice(text: string): boolean {
  return text === part2Notice || text === noFurther;
}

/** v3-ActCode: no redisclosure without consent directive; and records under 42 CFR part 2. */
const system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/**
 * The message with the statements that its obligations ask for, at the place its format has for them; `undefined` where nothing is owed. Throws
 * PHI-215 where there is no such place, and the codec's error for what it cannot read. The rest of the text stays as it was.
 */
export function withNotice(format: Format, text: string, obligations: readonly string[]): string | undefined {
  const owed = byNotice.filter((each) => obligations.includes(each));
  if (owed.length === 0) return undefined;
  const statement = owed.includes("part2-notice") ? part2Notice : noFurther;
  if (format === "hl7v2") return inHl7(text, statement);
  if (format === "fhir") return inFhir(text, statement, owed.includes("part2-notice") ? ["42CFRPart2", "NORDSCLCD"] : ["NORDSCLCD"]);
  throw new EngineError("PHI-215");
}

/** In each message a comment on each patient: NTE after PID, PD1 and the comments that already stand there; without a patient, at the end of the message. */
function inHl7(text: string, statement: string): string {
  const whole = parseHl7(text);
  const messages = messagesOf(whole.segments);
  if (messages.length === 0) throw new EngineError("PHI-215");
  for (const segments of messages) {
    const patients = segments.flatMap((segment, i) => (segment.name === "PID" ? [i] : []));
    for (const at of patients.length > 0 ? patients : [undefined]) {
      const after = at === undefined ? segments.at(-1) : lastOf(segments, at);
      const notes = at === undefined || after === undefined ? segments.filter(isNote) : segments.slice(at, segments.indexOf(after) + 1).filter(isNote);
      if (notes.some((note) => note.get("3") === statement)) continue;
      whole.addSegment("NTE", after).set("1", notes.length + 1).set("3", statement);
    }
  }
  return whole.toString();
}

/** A text may hold several messages, and what frames them belongs to none. */
function messagesOf(segments: readonly Hl7Segment[]): readonly (readonly Hl7Segment[])[] {
  const found: Hl7Segment[][] = [];
  for (const segment of segments) {
    if (segment.name === "MSH") found.push([segment]);
    else if (!frames.has(segment.name)) found.at(-1)?.push(segment);
  }
  return found;
}

const frames: ReadonlySet<string> = new Set(["FHS", "BHS", "BTS", "FTS"]);

function lastOf(segments: readonly Hl7Segment[], patient: number): Hl7Segment {
  let at = patient;
  while (["PD1", "NTE"].includes(segments[at + 1]?.name ?? "")) at++;
  return segments[at] as Hl7Segment;
}

function isNote({ name }: Hl7Segment): boolean {
  return name === "NTE";
}

/** Security labels of the resource, or of the whole Bundle: the codes for machines, and the statement as the text of a label. */
function inFhir(text: string, statement: string, codes: readonly string[]): string {
  const { root } = parseJson(text, "fhir") as JsonTree;
  if (root.kind !== "object") throw new EngineError("PHI-215");
  const meta = root.members.get("meta");
  const security = meta?.kind === "object" ? meta.members.get("security") : undefined;
  const has = (member: string, value: string) =>
    security?.kind === "array" && security.items.some((item) => item.kind === "object" && textOf(item.members.get(member)) === value);
  const labels = [
    ...codes.filter((code) => !has("code", code)).map((code) => JSON.stringify({ system, code })),
    ...(has("display", statement) ? [] : [JSON.stringify({ display: statement })]),
  ];
  if (labels.length === 0) return text;
  const added = labels.join(",");
  if (security?.kind === "array") return spliced(text, security.end - 1, (security.items.length > 0 ? "," : "") + added);
  if (security !== undefined) throw new EngineError("PHI-215");
  const own = `"security":[${added}]`;
  if (meta?.kind === "object") return spliced(text, meta.end - 1, (meta.members.size > 0 ? "," : "") + own);
  if (meta !== undefined) throw new EngineError("PHI-215");
  return spliced(text, root.end - 1, `${root.members.size > 0 ? "," : ""}"meta":{${own}}`);
}

function textOf(node: unknown): string | undefined {
  return (node as { readonly text?: string } | undefined)?.text;
}

function spliced(text: string, at: number, added: string): string {
  return text.slice(0, at) + added + text.slice(at);
}
