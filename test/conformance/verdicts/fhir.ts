import type { Problem } from "../../../engine/codec/problem.ts";

/** A case that ends otherwise than its source says, and is right to. */
interface Explained {
  readonly reason: string;
  /** Whether these findings are the ones that are meant; others are wrong. */
  readonly covers: (errors: readonly Problem[]) => boolean;
}

const only = (...rules: readonly string[]) => (errors: readonly Problem[]) => errors.every(({ rule = "" }) => rules.includes(rule));

export const explained: Readonly<Record<string, Explained>> = {
};
