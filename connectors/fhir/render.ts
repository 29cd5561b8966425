import { EngineError, type Envelope, type OutboundMessage, withCredential } from "../../engine/sdk/index.ts";
import { mediaType } from "./media-type.ts";
import type { DestinationOptions } from "./options.ts";

type Parts = Pick<Envelope, "method" | "path" | "serverIds" | "link" | "body">;
type Read = Readonly<Record<string, unknown>>;

/** A FHIR id (R4 2.24.0.1), which is all that an address may take. */
const anId = /^[A-Za-z0-9\-.]{1,64}$/;
const encoder = new TextEncoder();
const none = new Uint8Array();

/** The request of one interaction (FHIR R4 3.1). Throws `FHC-2nn` where the content is not what it sends. */
export function render(message: OutboundMessage, options: DestinationOptions): Envelope {
  const parts = partsOf(message.content.bytes, options);
  const isForm = options.interaction === "search" && parts.method === "POST";
  return {
    endpoint: options.endpoint ?? "",
    ...parts,
    headers: {
      accept: mediaType,
      ...(parts.body.length > 0 && { "content-type": isForm ? "application/x-www-form-urlencoded" : mediaType }),
      ...(options.interaction !== "read" && options.interaction !== "search" && { prefer: options.prefer }),
      "x-request-id": message.id,
    },
    ...withCredential(options.auth),
  };
}

function partsOf(bytes: Uint8Array, { interaction, match, type }: DestinationOptions): Parts {
  const text = new TextDecoder().decode(bytes);
  const resource = read(text);
  const named = String(resource.resourceType ?? "");
  if (!/^[A-Z][A-Za-z]{1,40}$/.test(named)) throw new EngineError("FHC-201", { interaction });
  switch (interaction) {
    case "create":
      return { method: "POST", path: `/${named}`, body: bytes };
    case "update":
      return { method: "PUT", ...below(named, resource), body: bytes };
    case "delete":
      return { method: "DELETE", ...below(named, resource), body: none };
    case "read":
      return { method: "GET", ...below(named, resource), body: none };
    case "search":
      if (named !== "Parameters") throw new EngineError("FHC-201", { interaction });
      return searched(resource, type);
    case "conditional-create":
      return ofOne(text, { method: "POST", url: named, ifNoneExist: query(resource, match) });
    case "conditional-update":
      return ofOne(text, { method: "PUT", url: `${named}?${query(resource, match)}` });
    default:
      if (named !== "Bundle" || resource.type !== interaction) throw new EngineError("FHC-201", { interaction });
      return { method: "POST", body: bytes };
  }
}

function read(text: string): Read {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Read;
  } catch {
    // The error's text would quote the content.
  }
  throw new EngineError("FHC-201");
}

function below(type: string, { id }: Read): Pick<Parts, "path" | "serverIds"> {
  if (typeof id !== "string" || !anId.test(id)) throw new EngineError("FHC-202");
  return { path: `/${type}/${id}`, serverIds: [id] };
}

/** A transaction around the resource as it is written: what is looked for stands in the body (DESIGN 3). */
function ofOne(resource: string, request: Read): Parts {
  const text = `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":${resource.trim()},"request":${JSON.stringify(request)}}]}`;
  return { method: "POST", body: encoder.encode(text) };
}

function query({ identifier }: Read, system: string | undefined): string {
  const all = (Array.isArray(identifier) ? identifier : [identifier]) as readonly (Read | undefined)[];
  const found = all.find((each) => typeof each?.value === "string" && each.value !== "" && typeof each.system === "string" && (system === undefined || each.system === system));
  if (!found) throw new EngineError("FHC-203");
  return `identifier=${[found.system, found.value].map((part) => encodeURIComponent(escaped(String(part)))).join("%7C")}`;
}

/** Signs that separate in a search value (R4 3.1.1.3). */
function escaped(value: string): string {
  return value.replace(/[\\,$|]/g, (sign) => `\\${sign}`);
}

/** A search by POST, or the page of one by the address that the server gave (`_page`). `_type` is where it goes, and no parameter of it. */
function searched(resource: Read, type: string | undefined): Parts {
  const all = pairsOf(resource);
  const of = (name: string) => all.find(([each]) => each === name)?.[1];
  const link = of("_page");
  if (link !== undefined) return { method: "GET", link, body: none };
  const to = type ?? of("_type") ?? "";
  if (!/^[A-Z][A-Za-z]{1,40}$/.test(to)) throw new EngineError("FHC-201", { interaction: "search" });
  const asked = all.filter(([name]) => type !== undefined || name !== "_type");
  return { method: "POST", path: `/${to}/_search`, body: encoder.encode(new URLSearchParams(asked).toString()) };
}

/** Each parameter's one value. */
function pairsOf({ parameter }: Read): [string, string][] {
  const rows = Array.isArray(parameter) ? (parameter as readonly Read[]) : [];
  return rows.map((row) => {
    const values = Object.entries(row).filter(([key]) => key.startsWith("value"));
    const [value] = values;
    if (typeof row.name !== "string" || value === undefined || values.length > 1 || typeof value[1] === "object") throw new EngineError("FHC-201", { interaction: "search" });
    return [row.name, String(value[1])];
  });
}
