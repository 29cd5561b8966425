import type { Json } from "../../../codec/json/index.ts";
import type { DeidentifyContext } from "../context.ts";
import { id } from "../ids.ts";
import { isResource } from "./elements.ts";
import { type JsonObject, isObject, listAt, textAt } from "./json.ts";

/**
 * One map of ids for a message: a resource and every reference to it have the same token. Where nothing may stand in the place of an id, the
 * resources of the message are numbered, so that links hold inside it and nowhere else.
 */
export class MessageIds {
  readonly #context: DeidentifyContext;
  /** Key of a resource by the full URL of its entry. */
  readonly #urls = new Map<string, string>();
  readonly #numbers = new Map<string, number>();
  readonly #entries = new Set<string>();

  constructor(root: Json, context: DeidentifyContext) {
    this.#context = context;
    this.#collect(root);
  }

  /** 32 hex digits for `Patient/123`; nothing for what is not of this message where ids are removed. */
  token(key: string): string | undefined {
    if (this.#context.spec.ids !== "remove") return id(key, "resource", this.#context);
    const number = this.#numbers.get(key);
    return number === undefined ? undefined : `0000000000004000800${String(number).padStart(13, "0")}`;
  }

  /** A literal reference to a resource, as it may stand: conditional and logical ones name people (FHIR R4, 2.3.0.1). */
  reference(text: string): string | undefined {
    const key = this.#urls.get(text) ?? keyIn(text);
    const token = key === undefined ? undefined : this.token(key);
    if (key === undefined || token === undefined) return undefined;
    return this.#entries.has(key) || key.startsWith("urn:") ? urnOf(token) : `${key.slice(0, key.indexOf("/"))}/${token}`;
  }

  /** The full URL of an entry. */
  url(entry: JsonObject): string | undefined {
    const token = this.token(keyOf(entry));
    return token === undefined ? undefined : urnOf(token);
  }

  #collect(value: Json | undefined): void {
    if (!isObject(value)) return;
    const key = ownKey(value);
    if (key !== undefined) this.#number(key);
    for (const entry of listAt(value, "entry")) this.#collectEntry(entry);
    for (const parameter of listAt(value, "parameter")) this.#collectParameter(parameter);
  }

  #collectEntry(entry: Json): void {
    if (!isObject(entry) || !isObject(entry["resource"])) return;
    const key = keyOf(entry);
    this.#number(key);
    this.#entries.add(key);
    const url = textAt(entry, "fullUrl");
    if (url !== "") this.#urls.set(url, key);
    this.#collect(entry["resource"]);
  }

  #collectParameter(parameter: Json): void {
    if (!isObject(parameter)) return;
    this.#collect(parameter["resource"]);
    for (const part of listAt(parameter, "part")) this.#collectParameter(part);
  }

  #number(key: string): void {
    if (!this.#numbers.has(key)) this.#numbers.set(key, this.#numbers.size + 1);
  }
}

const reference = /^(?:https?:\/\/[^?#\s]+\/)?([A-Z][A-Za-z]{1,40})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;

function keyIn(text: string): string | undefined {
  if (/^urn:(?:uuid|oid):[0-9A-Fa-f.-]{1,64}$/.test(text)) return text.toLowerCase();
  const [, type = "", name = ""] = reference.exec(text) ?? [];
  return isResource(type) ? `${type}/${name}` : undefined;
}

function ownKey(resource: JsonObject): string | undefined {
  const [type, name] = [textAt(resource, "resourceType"), textAt(resource, "id")];
  return type === "" || name === "" ? undefined : `${type}/${name}`;
}

/** Of an entry without id or URL, nobody can speak. */
function keyOf(entry: JsonObject): string {
  const resource = entry["resource"];
  return (isObject(resource) ? ownKey(resource) : undefined) ?? keyIn(textAt(entry, "fullUrl")) ?? "";
}

function urnOf(token: string): string {
  return `urn:uuid:${token.slice(0, 8)}-${token.slice(8, 12)}-${token.slice(12, 16)}-${token.slice(16, 20)}-${token.slice(20, 32)}`;
}
