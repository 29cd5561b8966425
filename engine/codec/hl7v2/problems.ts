import type { Code } from "../../sdk/error.ts";
import type { Problem } from "../problem.ts";
import { getValue } from "./access.ts";
import { hasLoneEscape } from "./escape.ts";
import { isNamed, type Line, nameOf } from "./lines.ts";
import type { Hl7Message } from "./message.ts";
import { oddName } from "./path.ts";

/** Oddities by place: codes and paths, no content. */
export function problemsOf(message: Hl7Message): Problem[] {
  const out: Problem[] = [];
  const { head, lines } = message.body;
  let at = 1 + breaksIn(head);
  const seen = new Map<string, number>();
  const ends = new Set<string>();
  for (const line of lines) {
    const name = nameOf(line);
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    const path = n === 1 ? name : `${name}[${n}]`;
    for (const [code, field] of oddities(line, name)) out.push({ code, path: field === 0 ? path : `${path}-${field}`, line: at });
    for (const end of line.eol.match(/\r\n|\r|\n/g) ?? []) ends.add(end);
    at += breaksIn(line.eol);
  }
  if (ends.size > 1) out.push({ code: "HL7-206", path: "MSH", line: 1 });
  return out;
}

function* oddities(line: Line, name: string): Generator<readonly [code: Code, field: number]> {
  if (name === oddName) yield ["HL7-201", 0];
  if (line.header) {
    const declared = line.text.slice(4).split(line.marks.field, 1)[0] ?? "";
    if (declared.length < 4 || declared.length > 5) yield ["HL7-202", 2];
  }
  if (isNamed(line, "MSH") && line.header) {
    for (const [code, field] of [["HL7-203", 9], ["HL7-204", 10], ["HL7-205", 12]] as const) {
      if ((getValue(line, { field, repetition: 0, component: 0, subcomponent: 0 }) ?? "") === "") yield [code, field];
    }
  }
  if (line.text.includes(line.marks.escape)) {
    const { field, component, repetition, subcomponent } = line.marks;
    for (const [i, raw] of line.text.split(field).entries()) {
      if (i === 0 || (i === 1 && line.header)) continue;
      const leaves = [component, repetition, subcomponent].reduce((all, mark) => (mark === "" ? all : all.flatMap((each) => each.split(mark))), [raw]);
      if (leaves.some((each) => hasLoneEscape(each, line.marks))) yield ["HL7-207", line.header ? i + 1 : i];
    }
  }
}

function breaksIn(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
