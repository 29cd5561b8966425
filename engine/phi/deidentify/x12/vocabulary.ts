import { askedAt } from "../../../codec/x12/asked.ts";
import { elementOf } from "../../../codec/x12/element.ts";
import { transactionFor } from "../../../codec/x12/grammar/index.ts";
import { parseX12, X12Message } from "../../../codec/x12/index.ts";
import { byParent } from "../../../codec/x12/outline.ts";
import type { X12Line } from "../../../codec/x12/segments.ts";
import type { Tree } from "../../../codec/tree.ts";
import type { DeidentifySpec } from "../../../config/project.ts";
import { stateIn } from "../places.ts";
import { envelope, type Group } from "./envelope.ts";
import { type Parts, partsOf } from "./parts.ts";
import { isKnown, isOfSet, ruleFor } from "./table.ts";

/**
 * What of a de-identified text the grammar and the policy do not say word for word, a value a line: the envelope, ids of segments, codes of a set,
 * states and the numbers of levels are gone. Of a code that only has a known form, the raw message must hold the same one, since a form has room for a
 * number of somebody's. Nothing for a text that is not as the policy writes.
 */
export function beyondVocabulary(text: string, raw: Tree, { method }: Pick<DeidentifySpec, "method">): string | undefined {
  try {
    const message = parseX12(text);
    const groups = groupsIn(message);
    const year = Number(/^GS\*[A-Z]{2}\*SLUICE\*SLUICE\*(\d{4})0101\*/m.exec(text)?.[1]);
    if (groups === undefined || envelope(groups, year) !== text) return undefined;
    const codes = codesOf(raw, method);
    const beyond: string[] = [];
    for (const { start, end } of message.envelopes("ST")) {
      for (const parts of message.body.lines.slice(start + 1, end - 1).map(partsOf)) {
        if (!isKnown(parts.id)) return undefined;
        each(parts, (value, element, component) => {
          if (!isSaid(value, parts.id, element, component, method, codes)) beyond.push(value);
        });
      }
    }
    return beyond.join("\n");
  } catch {
    return undefined;
  }
}

function isSaid(value: string, segment: string, element: number, component: number, method: DeidentifySpec["method"], codes: ReadonlySet<string>): boolean {
  const { action, detail } = ruleFor(method, segment, element, component);
  switch (action) {
    case "set":
      return isOfSet(detail, value);
    case "state":
      return stateIn(value) === value;
    case "format":
      return /^(?:CY|D8|DT|RD8)$/.test(value);
    case "count":
    case "level":
    case "parent":
      return /^\d{1,4}$/.test(value);
    case "code":
    case "form":
      return codes.has(`${segment} ${value}`);
    default:
      return false;
  }
}

function groupsIn(message: X12Message): readonly Group[] | undefined {
  const { lines } = message.body;
  const text = (at: number, element: number) => elementOf(lines[at] as X12Line, element);
  const groups: Group[] = [];
  const all = byParent(message.outline, "ST");
  for (const group of message.envelopes("GS")) {
    const sets = all.get(group) ?? [];
    for (const { start } of sets) {
      const known = transactionFor(askedAt(lines, start, text(group.start, 8)));
      if (known === undefined || known.group !== text(group.start, 1) || ![...known.conventions, known.version].includes(text(group.start, 8))) return undefined;
    }
    groups.push({
      functional: text(group.start, 1),
      version: text(group.start, 8),
      sets: sets.map(({ start, end }) => [text(start, 1), text(start, 3), ...lines.slice(start + 1, end - 1).map((line) => line.text)]),
    });
  }
  return groups;
}

/** Codes of the raw message, where the policy lets codes stand. */
function codesOf(raw: Tree, method: DeidentifySpec["method"]): ReadonlySet<string> {
  const codes = new Set<string>();
  if (!(raw instanceof X12Message)) return codes;
  for (const parts of raw.body.lines.map(partsOf)) {
    each(parts, (value, element, component) => {
      const { action } = ruleFor(method, parts.id, element, component);
      if (action === "code" || action === "form") codes.add(`${parts.id} ${value}`);
    });
  }
  return codes;
}

function each({ elements }: Parts, take: (value: string, element: number, component: number) => void): void {
  for (const [e, repetitions] of elements.entries()) {
    for (const components of repetitions) for (const [c, value] of components.entries()) if (value !== "") take(value, e + 1, c + 1);
  }
}
