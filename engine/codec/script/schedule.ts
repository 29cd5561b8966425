import { type Element, localName } from "../xml/node.ts";
import type { ScriptMessage } from "./message.ts";

/**
 * Schedules of the Controlled Substances Act as SCRIPT states them (`DrugCoded/DEASchedule/Code`, NCI codes). `unspecified` is C38046. Neither it nor
 * `unknown` (nothing is stated, or something else) is evidence that a drug is not controlled.
 */
export type Schedule = "I" | "II" | "III" | "IV" | "V" | "unspecified" | "unknown";

const schedules: ReadonlyMap<string, Schedule> = new Map([
  ["C48672", "I"], ["C48675", "II"], ["C48676", "III"], ["C48677", "IV"], ["C48679", "V"], ["C38046", "unspecified"],
]);

export interface Scheduled {
  /** Which medication: `/Message/Body/NewRx/MedicationPrescribed`. */
  readonly path: string;
  readonly schedule: Schedule;
  /** Whether anything is stated, understood or not. */
  readonly isStated: boolean;
  /** Drug codes beside it, for a second source: NDC or RxNorm with the qualifier that was written. */
  readonly codes: readonly { readonly code: string; readonly qualifier: string }[];
}

/** What a message says of each drug in it, in order; empty for a transaction that holds none. */
export function scheduleOf(message: ScriptMessage): readonly Scheduled[] {
  const found: Scheduled[] = [];
  const walk = (element: Element, path: string) => {
    if (/^(?:Medication\w+|CompoundIngredient)$/.test(localName(element.name)) && child(element, "DrugDescription", "DrugCoded") !== undefined) {
      const coded = child(element, "DrugCoded");
      found.push({ path, schedule: scheduleIn(coded), isStated: statedIn(coded).length > 0, codes: codesIn(coded) });
    }
    const counts = new Map<string, number>();
    for (const { name } of element.children) counts.set(localName(name), (counts.get(localName(name)) ?? 0) + 1);
    const seen = new Map<string, number>();
    for (const each of element.children) {
      const name = localName(each.name);
      const n = (seen.get(name) ?? 0) + 1;
      seen.set(name, n);
      walk(each, `${path}/${name}${counts.get(name) === 1 ? "" : `[${n}]`}`);
    }
  };
  walk(message.root, `/${localName(message.root.name)}`);
  return found;
}

/** Several statements about one drug that differ say nothing. */
function scheduleIn(coded: Element | undefined): Schedule {
  const stated = statedIn(coded).map((code) => schedules.get(code) ?? "unknown");
  const [first = "unknown"] = stated;
  return stated.every((each) => each === first) ? first : "unknown";
}

function statedIn(coded: Element | undefined): readonly string[] {
  return (coded?.children ?? []).filter(({ name }) => localName(name) === "DEASchedule").map((each) => textOf(child(each, "Code") ?? each));
}

function codesIn(coded: Element | undefined): Scheduled["codes"] {
  return (coded?.children ?? [])
    .filter(({ name }) => /^(?:ProductCode|DrugDBCode)$/.test(localName(name)))
    .map((each) => ({
      code: textOf(child(each, "Code") ?? each),
      qualifier: textOf(child(each, "Qualifier")) || (each.attributes.find(({ name }) => name === "Qualifier")?.value ?? ""),
    }))
    .filter(({ code }) => code !== "");
}

function child(element: Element, ...names: string[]): Element | undefined {
  return element.children.find(({ name }) => names.includes(localName(name)));
}

function textOf(element: Element | undefined): string {
  return (element?.runs ?? []).map(({ value }) => value).join("").trim();
}
