import { decode } from "../../codec/bytes/index.ts";
import { readTree } from "../../codec/index.ts";
import type { Content } from "../../sdk/index.ts";

/** One value that two contents do not share. Values are content: they go no further than to somebody who has stated a purpose. */
export interface FieldDifference {
  /** Where, with repetitions and places in lists as `*`: `OBX[*]-5`, the same in JSON. */
  readonly path: string;
  readonly kind: "changed" | "added" | "removed";
  readonly before?: string;
  readonly after?: string;
}

/** What differs between two contents, leaf by leaf in their own format; what cannot be read as leaves differs as a whole. */
export function differences(before: Content, after: Content): readonly FieldDifference[] {
  if (Buffer.compare(before.bytes, after.bytes) === 0 && before.format === after.format) return [];
  if (before.format !== after.format) return [{ path: "(format)", kind: "changed", before: before.format, after: after.format }];
  const [then, now] = [leavesOf(before), leavesOf(after)];
  if (!then || !now) return [{ path: "(text)", kind: "changed" }];
  const found: FieldDifference[] = [];
  for (const [path, value] of then) {
    const other = now.get(path);
    if (other === undefined) found.push({ path: general(path), kind: "removed", before: value });
    else if (other !== value) found.push({ path: general(path), kind: "changed", before: value, after: other });
  }
  for (const [path, value] of now) if (!then.has(path)) found.push({ path: general(path), kind: "added", after: value });
  // The same values in other bytes: separators, order, white space.
  return found.length > 0 ? found : [{ path: "(layout)", kind: "changed" }];
}

function leavesOf({ format, bytes }: Content): ReadonlyMap<string, string> | undefined {
  if (format === "text") return undefined;
  try {
    const { text } = decode(bytes, { format, charset: "utf-8" });
    return new Map([...readTree(format, text).leaves()].filter(({ value }) => value !== "").map(({ path, value }) => [path, value]));
  } catch {
    return undefined;
  }
}

/** Without places in lists, so that equal edits count together; a key that no program would write is a value and is veiled. */
function general(path: string): string {
  if (!path.startsWith("/")) return path.replace(/\[\d+\]/g, "[*]");
  const parts = path.slice(1).split("/").map((part) => (/^\d+$/.test(part) ? "*" : /^[A-Za-z_][\w-]*$/.test(part) ? part : "***"));
  return `/${parts.join("/")}`;
}
