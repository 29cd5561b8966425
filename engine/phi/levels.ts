import { levels, type Level } from "../config/project.ts";
import type { Label } from "./boundary.ts";

/** Place of a level in the order `none < deidentified < limited < phi`; a word nobody knows is the top. */
export function rank(level: Level): number {
  const at = levels.indexOf(level);
  return at < 0 ? levels.length - 1 : at;
}

export function isAtMost(level: Level, bound: Level): boolean {
  return levels.includes(bound) && rank(level) <= rank(bound);
}

export function higher(a: Level, b: Level): Level {
  return rank(a) >= rank(b) ? a : b;
}

/** Label of data made from both: the higher level, all compartments of either. */
export function join(a: Label, b: Label): Label {
  return {
    level: higher(a.level, b.level),
    compartments: [...new Set([...a.compartments, ...b.compartments])],
  };
}
