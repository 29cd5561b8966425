import { createHash } from "node:crypto";
import type { Mint } from "../../boundary.ts";
import { type Element, isResource, primitives, resources } from "./elements.ts";
import { placeOf, shapeOf } from "./shapes.ts";

/** A place in a resource where a value can stand: the elements that lead to it. */
export interface Leaf {
  readonly resource: string;
  readonly chain: readonly Element[];
}

/** Every leaf of every resource in every type, as deep as types do not come again within themselves. */
export function* everyLeaf(): Generator<Leaf> {
  for (const resource of resources.keys()) if (isResource(resource)) yield* leavesAt(resource, resource, [], [resource]);
}

function* leavesAt(resource: string, place: string, chain: readonly Element[], places: readonly string[]): Generator<Leaf> {
  for (const element of shapeOf(place).values()) {
    if (element.name === "modifierExtension" || element.name === "implicitRules") continue;
    const next = [...chain, element];
    if (primitives.has(element.type)) yield { resource, chain: next };
    else if (element.type === "Extension") yield { resource, chain: next };
    else if (element.type !== "Resource") {
      const below = placeOf(element);
      if (!places.includes(below)) yield* leavesAt(resource, below, next, [...places, below]);
    }
  }
}

/** A resource that holds the value at this place and nothing else beside its id; what is required around it was never there, so nothing is lost by that. */
export function planted({ resource, chain }: Leaf, value: unknown): Record<string, unknown> {
  const last = chain.at(-1);
  const leaf = last?.type === "Extension" ? { url: "http://example.org/x", valueString: value } : value;
  const whole = chain.toReversed().reduce<unknown>((inner, { name, repeated }) => ({ [name]: repeated ? [inner] : inner }), leaf);
  return { resourceType: resource, id: "kept", ...(whole as object) };
}

export function pathOf({ chain }: Leaf): string {
  return chain.map(({ path }, i) => (i === 0 ? path : path.slice(path.lastIndexOf(".") + 1))).join(".");
}

/** Tokens as the vault mints them, 32 hex digits, and the same in every run. */
export const hexMint: Mint = {
  surrogate: (...parts) => hash("surrogate", ...parts),
  pseudonym: (...parts) => hash("pseudonym", ...parts),
  shiftDays: (_, __, patient) => (patient.length % 2 === 0 ? 100 : -50),
};

function hash(...parts: readonly (string | undefined)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
