export { canonical } from "./canonical.ts";
export type { JsonLimits } from "./limits.ts";
export type { ArrayNode, Node, ObjectNode, ScalarNode } from "./node.ts";
export { ExactNumber, fitsDouble, isJsonNumber, textKept } from "./number.ts";
export { type Json, type ReadOptions, readJson, writeJson } from "./read.ts";
export { extensionValues, JsonTree, parseJson } from "./tree.ts";
