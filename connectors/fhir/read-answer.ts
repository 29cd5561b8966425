import type { FhirBundleEntry, FhirReader, FhirResource, InboundReply, Receipt } from "../../engine/sdk/index.ts";
import { mediaType } from "./media-type.ts";
import { refusal } from "./operation-outcome.ts";

/** What a question is answered with, made of the searchset that a destination answered with: resources as they are written, and nothing else of it. */
export interface Found {
  readonly entries: readonly (FhirBundleEntry & { readonly resource: FhirResource })[];
  readonly next?: string;
}

const encoder = new TextEncoder();

/** Why there is nothing to answer with, by the engine's codes: what the partner says of a request may quote it. */
export function unanswered({ kind, code, response }: Receipt): InboundReply | undefined {
  if (kind === "unavailable") return refusal(503, "transient", code);
  if (kind === "unanswered") return refusal(504, "timeout", code);
  if (kind === "refused") return refusal(code?.startsWith("PHI-") ? 403 : 422, "processing", code);
  return response ? undefined : refusal(502, "processing", "FHC-108");
}

/** `undefined`: the answer is no searchset, or holds what was not asked for. What a server says of the search (`outcome`) may quote it, and goes no further. */
export function foundIn(bytes: Uint8Array, type: string, fhir: FhirReader): Found | undefined {
  const bundle = fhir.bundle(bytes);
  if (bundle?.type !== "searchset") return undefined;
  const entries = bundle.entries.flatMap(({ mode, resource }) => (resource && mode !== "outcome" && resource.type !== "OperationOutcome" ? [{ mode, resource }] : []));
  if (entries.some(({ resource }) => resource.type !== type)) return undefined;
  const next = bundle.links.get("next");
  return { entries, ...(next !== undefined && next !== "" && { next }) };
}

/** R4 3.1.0.1: the resource, with its version. */
export function readReply({ entries }: Found, id: string): InboundReply {
  const found = entries.filter(({ resource }) => resource.id === id);
  const [first] = found;
  if (!first || found.length > 1) return refusal(404, "not-found", "FHC-109");
  const { bytes, versionId } = first.resource;
  return { status: 200, headers: { "content-type": mediaType, ...(/^[A-Za-z0-9\-.]{1,64}$/.test(versionId) && { etag: `W/"${versionId}"` }) }, body: bytes };
}

/** R4 3.1.1: a searchset of our own. Its addresses are ours and hold nothing that was searched for. */
export function searchReply({ entries }: Found, self: string, next: string | undefined): InboundReply {
  const links = [{ relation: "self", url: self }, ...(next === undefined ? [] : [{ relation: "next", url: next }])];
  const decoder = new TextDecoder();
  const rows = entries.map(({ resource }) => `{"resource":${decoder.decode(resource.bytes)},"search":{"mode":"match"}}`);
  const entry = rows.length === 0 ? "" : `,"entry":[${rows.join(",")}]`;
  return { status: 200, headers: { "content-type": mediaType }, body: encoder.encode(`{"resourceType":"Bundle","type":"searchset","link":${JSON.stringify(links)}${entry}}`) };
}
