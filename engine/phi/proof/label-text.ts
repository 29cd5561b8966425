import type { Label } from "../boundary.ts";

/** A label in one line, for maps that people compare: `phi {hiv, sti} of northside for TREAT, owes encryption`. */
export function labelText({ level, method, compartments, owners, purposes, obligations }: Label): string {
  return [
    level,
    ...(method ? [`by ${method}`] : []),
    ...(compartments.length > 0 ? [`{${sorted(compartments)}}`] : []),
    ...(owners.length > 0 ? [`of ${sorted(owners)}`] : []),
    ...(purposes ? [`for ${sorted(purposes) || "nothing"}`] : []),
    ...(obligations.length > 0 ? [`owes ${sorted(obligations)}`] : []),
  ].join(" ");
}

/** The same label with its lists in one order, whatever order files name them in. */
export function inOrder(label: Label): Label {
  const { compartments, owners, purposes, obligations } = label;
  return {
    ...label, compartments: compartments.toSorted(), owners: owners.toSorted(), obligations: obligations.toSorted(), ...(purposes && { purposes: purposes.toSorted() }),
  };
}

function sorted(words: readonly string[]): string {
  return words.toSorted().join(", ");
}
