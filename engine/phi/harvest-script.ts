import { ScriptMessage, type Tree } from "../codec/index.ts";
import { placedElements, type Placed, textOf } from "../codec/script/walk.ts";
import type { Collector } from "./collector.ts";
import { harvestKey } from "./harvest-json.ts";
import { harvestMarkup } from "./harvest-named.ts";
import { harvestValue } from "./harvest-value.ts";
import { type Row, scriptRows, unknownRow } from "./policy.ts";

/** NCPDP SCRIPT by its tables: an element that they do not have, and text or an attribute where they have none, is unknown. */
export function harvestScript(tree: Tree, into: Collector): void {
  if (!(tree instanceof ScriptMessage)) return;
  const names = new Map<Placed, { family: string[]; given: string[]; kind: string; strength: Row["strength"] }>();
  for (const placed of placedElements(tree.root)) {
    const { element, name, type, parent } = placed;
    if (type === undefined) harvestKey(name.replace(/[.-]/g, "_"), into);
    for (const each of element.attributes) if (!isOfMarkup(each.name, each.value)) into.unknown("attribute", each.value);
    const value = textOf(element);
    if (value === "") continue;
    const row = rowOf(placed);
    if (parent === undefined || (row.reading !== "family" && row.reading !== "given")) {
      if (row.reading === "id" && row.strength === "strong") into.short(row.kind, value);
      harvestValue(row, value, into);
      continue;
    }
    // The parts of one name stand under one element.
    const whole = names.get(parent) ?? { family: [], given: [], kind: row.kind, strength: row.strength };
    whole[row.reading].push(value);
    if (row.strength === "strong" && row.reading === "family") into.short(row.kind, value);
    names.set(parent, whole);
  }
  for (const { family, given, kind, strength } of names.values()) for (const each of family.length > 0 ? family : [""]) into.name(kind, each, given, strength);
  harvestMarkup(tree, into);
}

function rowOf({ owner, name, type }: Placed): Row {
  if (owner === undefined || type === undefined) return unknownRow;
  return scriptRows.get(`${owner}/${name}`) ?? scriptRows.get(`*/${name}`) ?? scriptRows.get(`${owner}/*`) ?? unknownRow;
}

/** What the standard and XML write in attributes: versions, qualifiers, namespaces. */
function isOfMarkup(name: string, value: string): boolean {
  if (/^xmlns(?::|$)|^xsi:/.test(name)) return true;
  return /^(?:\w*[Vv]ersion|Release|TransactionDomain|Qualifier|Type)$/.test(name) && /^(?:v?\d{1,8}(?:\.\d{1,3})?|SCRIPT|[A-Z]{1,3}|PasswordDigest|PasswordText)$/.test(value);
}
