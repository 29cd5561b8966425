import { EngineError } from "../../sdk/error.ts";
import { elementOf } from "../x12/element.ts";
import { parseX12 } from "../x12/index.ts";
import { hasId, type X12Body, type X12Line } from "../x12/segments.ts";

interface Group {
  readonly header: X12Line;
  readonly sets: X12Line[];
  readonly numbers: Set<string>;
}

/**
 * Several interchanges between the same two as one: the first one's ISA and control number, and in one functional group what is of one kind (GS01 to GS03, GS07,
 * GS08), every transaction set as it is. ST02 is unique in its group (X12.5), so a set whose number is there already goes into a group of its own. Throws `BAT-002`
 * where sender, receiver, version or delimiters differ, or where one is no whole interchange; `X12-0nn` for what is none.
 */
export function joinedX12(texts: readonly string[]): string {
  const bodies = texts.map((text) => parseX12(text).body);
  const [head, tail] = [bodies[0]?.lines[0], bodies[0]?.lines.at(-1)];
  if (!head || !tail || bodies.some((body) => !isWhole(body) || partiesOf(body) !== partiesOf(bodies[0] as X12Body))) throw new EngineError("BAT-002");
  const groups: Group[] = [];
  for (const { lines } of bodies) for (const group of groupsOf(lines)) add(group, groups);
  const { element, segment } = head.marks;
  const end = head.end === "" ? segment : head.end;
  const lines = groups.flatMap(({ header, sets, numbers }) => [text(header, end), ...sets.map((line) => text(line, end)), `GE${element}${numbers.size}${element}${elementOf(header, 6)}${end}`]);
  return `${text(head, end)}${lines.join("")}IEA${element}${groups.length}${element}${elementOf(head, 13)}${end}`;
}

/** Into a group of its kind; else, or where a transaction set's number is taken there, one more, whose own number must be free. */
function add(group: Group, into: Group[]): void {
  const like = into.findLast((other) => kindOf(other.header) === kindOf(group.header));
  if (like && [...group.numbers].every((number) => !like.numbers.has(number))) {
    like.sets.push(...group.sets);
    for (const number of group.numbers) like.numbers.add(number);
    return;
  }
  if (into.some(({ header }) => elementOf(header, 6) === elementOf(group.header, 6))) throw new EngineError("BAT-002");
  into.push(group);
}

/** Throws where a transaction set stands in no group or under a number that its group has twice. */
function groupsOf(lines: readonly X12Line[]): readonly Group[] {
  const groups: Group[] = [];
  let open: Group | undefined;
  for (const line of lines.slice(1, -1)) {
    if (hasId(line, "GS")) groups.push((open = { header: line, sets: [], numbers: new Set() }));
    else if (!open) throw new EngineError("BAT-002");
    else if (hasId(line, "GE")) open = undefined;
    else {
      if (hasId(line, "ST") && open.numbers.size === open.numbers.add(elementOf(line, 2)).size) throw new EngineError("BAT-002");
      open.sets.push(line);
    }
  }
  return groups;
}

/** One interchange, from ISA to IEA. */
function isWhole({ lines }: X12Body): boolean {
  return lines.filter((line) => hasId(line, "ISA")).length === 1 && hasId(lines.at(-1) as X12Line, "IEA");
}

/** ISA without its date, time and control number. */
function partiesOf({ lines }: X12Body): string {
  const [isa] = lines;
  return isa ? [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16].map((n) => elementOf(isa, n)).join(isa.marks.element) + isa.marks.segment : "";
}

function kindOf(header: X12Line): string {
  return [1, 2, 3, 7, 8].map((n) => elementOf(header, n)).join(header.marks.element);
}

function text(line: X12Line, end: string): string {
  return line.text + (line.end === "" ? end : line.end);
}
