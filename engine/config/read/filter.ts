import type { FilterSpec, MatchCondition } from "../project.ts";
import { find, type Path, toPlain } from "../yaml/node.ts";
import type { CheckedFile } from "./checked-file.ts";
import { readCode } from "./code.ts";
import type { Reading } from "./reading.ts";

/** `filter:`: a map of conditions, or code when it is a text or names a file. */
export function readFilter(reading: Reading, checked: CheckedFile, path: Path): FilterSpec | undefined {
  const node = find(checked.place.node, path);
  if (!node || checked.isBroken(path)) return undefined;
  const isFile = node.kind === "map" && node.entries.length === 1 && node.entries[0]?.key === "file";
  if (node.kind === "map" && !isFile) {
    return { kind: "match", conditions: toPlain(node) as Record<string, MatchCondition> };
  }
  const code = readCode(reading, checked, path);
  return code && { kind: "code", code };
}
