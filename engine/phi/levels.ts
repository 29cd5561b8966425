import { levels, type Level } from "../config/project.ts";

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
