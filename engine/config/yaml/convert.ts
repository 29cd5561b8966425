import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar } from "yaml";
import type { Diagnostic, Range } from "../../sdk/index.ts";
import type { Entry, Node, ScalarNode } from "./node.ts";

type ToRange = (start: number, end: number) => Range;

/** From the library's nodes to ours. An alias is refused at once: a few lines of them can stand for gigabytes. */
export function convert(root: ParsedNode, range: ToRange): { readonly node: Node; readonly refused?: undefined } | { readonly refused: Diagnostic } {
  try {
    return { node: toNode(root, range) };
  } catch (error) {
    if (error instanceof Refused) return { refused: error.diagnostic };
    throw error;
  }
}

class Refused extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.code);
    this.diagnostic = diagnostic;
  }
}

function toNode(node: ParsedNode, range: ToRange): Node {
  const [start, end] = node.range;
  const at = range(start, end);
  if (isAlias(node)) {
    throw new Refused({
      code: "CFG-104",
      level: "error",
      at,
      message: "an alias stands for text elsewhere in the file, which a reviewer cannot see here",
      help: "write the value out at this place",
    });
  }
  if (isMap(node)) {
    const entries = node.items.map((pair) => toEntry(pair.key as ParsedNode, pair.value as ParsedNode | null, range));
    // A key that stands twice was reported; the first one counts for what is checked next.
    return { kind: "map", at, entries: entries.filter((entry, i) => entries.findIndex((other) => other.key === entry.key) === i) };
  }
  if (isSeq(node)) return { kind: "list", at, items: node.items.map((item) => toNode(item as ParsedNode, range)) };
  return toScalar(node as Scalar.Parsed, at);
}

function toEntry(key: ParsedNode, value: ParsedNode | null, range: ToRange): Entry {
  const keyAt = range(key.range[0], key.range[1]);
  if (!isScalar(key)) {
    throw new Refused({ code: "CFG-101", level: "error", at: keyAt, message: "a key must be a word, not a list or a map", help: "put it in quotes" });
  }
  const scalar = toScalar(key as Scalar.Parsed, keyAt);
  const nothing: ScalarNode = { kind: "scalar", at: keyAt, value: null, style: "plain", source: "" };
  return { key: scalar.style === "plain" ? scalar.source : String(scalar.value), keyAt, value: value ? toNode(value, range) : nothing };
}

const styles = { PLAIN: "plain", QUOTE_DOUBLE: "quoted", QUOTE_SINGLE: "quoted", BLOCK_LITERAL: "literal", BLOCK_FOLDED: "folded" } as const;

function toScalar(node: Scalar.Parsed, at: Range): ScalarNode {
  const value = node.value as ScalarNode["value"] | bigint;
  return {
    kind: "scalar",
    at,
    value: typeof value === "bigint" ? Number(value) : (value ?? null),
    style: styles[(node.type ?? "PLAIN") as keyof typeof styles],
    source: node.source ?? "",
  };
}
