import { type BundleEntry, readBundle, readResource, type ResourceText } from "../codec/fhir/bundle.ts";
import type { FhirBundle, FhirBundleEntry, FhirReader, FhirResource } from "../sdk/index.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** What a connector is given to read FHIR with; what is no JSON, no UTF-8 or no resource is none. */
export const fhirReader: FhirReader = {
  bundle: (bytes) => known(() => bundleOf(utf8.decode(bytes))),
  resource: (bytes) => known(() => {
    const resource = readResource(utf8.decode(bytes));
    return resource.type === "" ? undefined : given(resource);
  }),
};

function bundleOf(text: string): FhirBundle | undefined {
  const read = readBundle(text);
  return read && { type: read.type, links: read.links, entries: read.entries.map(entryOf) };
}

function entryOf({ mode, resource }: BundleEntry): FhirBundleEntry {
  return { mode, ...(resource && { resource: given(resource) }) };
}

function given({ text, ...rest }: ResourceText): FhirResource {
  return { ...rest, bytes: encoder.encode(text) };
}

function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
