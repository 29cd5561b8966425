import { JsonTree } from "../codec/json/index.ts";
import { readTree } from "../codec/index.ts";
import type { Tree } from "../codec/tree.ts";
import type { Envelope } from "../sdk/index.ts";
import type { Refusal } from "./boundary.ts";

/** An id of FHIR R4 (2.24.0.1). */
const fhirId = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * Whether the ids of the partner's server may stand in the path (DESIGN 3): the partner may hold patients and has said that it knows where ids in
 * addresses go, and none of them is anything of the message but the `id` of a resource, above all no record number.
 */
export function serverIdsFlaw({ path = "", serverIds = [], body }: Envelope, mayStand: boolean, raw: Tree): Refusal | undefined {
  if (serverIds.length === 0) return undefined;
  if (!mayStand) return refusal("server id");
  const segments = path.split("/");
  for (const id of serverIds) {
    if (!fhirId.test(id) || /^\.+$/.test(id) || !segments.includes(id)) return refusal("server id");
    if (isElsewhere(raw, id) || isElsewhere(treeOf(body), id)) return refusal("identifier as server id");
  }
  return undefined;
}

/** The path without them: what is left is read like any other text. */
export function withoutServerIds({ path, serverIds = [] }: Envelope): string | undefined {
  return serverIds.length === 0 ? path : path?.split("/").map((segment) => (serverIds.includes(segment) ? "" : segment)).join("/");
}

function refusal(rule: string): Refusal {
  return { code: "PHI-225", rule, where: "path" };
}

function isElsewhere(tree: Tree | undefined, id: string): boolean {
  for (const { path, value } of tree?.leaves() ?? []) if (value === id && !(tree instanceof JsonTree && /(^|\/)id$/.test(path))) return true;
  return false;
}

function treeOf(body: Uint8Array): Tree | undefined {
  if (body.length === 0) return undefined;
  try {
    return readTree("json", new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
