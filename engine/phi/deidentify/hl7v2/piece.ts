/** Components of a repetition, each with its subcomponents; `null` is HL7 null. As `structureOf` of the codec gives them. */
export type Repetition = readonly (readonly (string | null)[])[];

/** What stands in a component, or in one of its subcomponents; empty for what is absent or null. */
export function part(repetition: Repetition, component: number, subcomponent = 1): string {
  return repetition[component - 1]?.[subcomponent - 1] ?? "";
}

/** A repetition of plain components, without the empty ones at its end; nothing when all are empty. */
export function pieceOf(...components: readonly (string | undefined)[]): Repetition | undefined {
  const last = components.findLastIndex((each) => each !== undefined && each !== "");
  return last < 0 ? undefined : components.slice(0, last + 1).map((each) => [each ?? ""]);
}
