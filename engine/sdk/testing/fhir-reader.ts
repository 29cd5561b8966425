import type { FhirReader, FhirResource } from "../index.ts";

type Read = Readonly<Record<string, unknown>>;

/** Reads as the engine does, but for the digits of decimals. */
export const fhirInMemory: FhirReader = {
  bundle: (bytes) => {
    const read = parse(bytes);
    if (read?.resourceType !== "Bundle") return undefined;
    const links = new Map(listOf(read.link).map(({ relation, url }) => [String(relation), String(url)]));
    return { type: textOf(read.type), links, entries: listOf(read.entry).map(({ resource, search }) => ({ mode: textOf((search as Read | undefined)?.mode), ...(resource === undefined ? {} : { resource: resourceOf(resource as Read) }) })) };
  },
  resource: (bytes) => {
    const read = parse(bytes);
    return read && textOf(read.resourceType) !== "" ? { ...resourceOf(read), bytes } : undefined;
  },
};

function resourceOf(read: Read): FhirResource {
  const meta = (read.meta ?? {}) as Read;
  return { bytes: new TextEncoder().encode(JSON.stringify(read)), type: textOf(read.resourceType), id: textOf(read.id), versionId: textOf(meta.versionId), lastUpdated: textOf(meta.lastUpdated) };
}

function parse(bytes: Uint8Array): Read | undefined {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof read === "object" && read !== null ? (read as Read) : undefined;
  } catch {
    return undefined;
  }
}

const listOf = (value: unknown): readonly Read[] => (Array.isArray(value) ? (value as Read[]) : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
