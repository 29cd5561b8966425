import { credentialNames } from "../config/credential-names.ts";
import type { DestinationSpec } from "../config/project.ts";
import { type CredentialRef, type Envelope, SecretRef } from "../sdk/index.ts";
import type { Refusal } from "./boundary.ts";

/** What a connector wrote, as data of our own: read once, so that nothing shows the guard one thing and the socket another. */
export type Plain = { readonly envelope: Envelope } | { readonly refusal: Refusal };

const texts = ["method", "path", "link"] as const;
const tables = ["query", "headers", "names"] as const;

/**
 * Copies an envelope, own data properties only; whatever else it holds stays behind. A getter, a text that is none and a credential that
 * the destination's options do not name are refused. The bytes of the body are copied where they will leave.
 */
export function plainCopy(given: Envelope, destination: DestinationSpec, willLeave: boolean): Plain {
  const endpoint = own(given, "endpoint");
  const body = own(given, "body");
  if (typeof endpoint !== "string") return odd("endpoint");
  if (!isBytes(body)) return odd("body");
  const copy: Writable<Envelope> = { endpoint, body: willLeave ? copyOf(body) : body };
  for (const part of texts) {
    const text = own(given, part);
    if (typeof text === "string") copy[part] = text;
    else if (text !== undefined) return odd(part);
  }
  for (const part of tables) {
    const value = own(given, part);
    if (value === undefined) continue;
    const table = tableOf(value);
    if (!table) return odd(part);
    copy[part] = table;
  }
  const serverIds = own(given, "serverIds");
  if (serverIds !== undefined) {
    const ids = listOf(serverIds);
    if (!ids) return odd("serverIds");
    copy.serverIds = ids;
  }
  const credential = own(given, "credential");
  if (credential !== undefined) {
    const ref = credentialOf(credential, destination);
    if (!ref) return { refusal: { code: "PHI-211", rule: "credential", where: "credential" } };
    copy.credential = ref;
  }
  return { envelope: copy };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function odd(where: string): Plain {
  return { refusal: { code: "PHI-210", rule: "plain", where } };
}

/** The value that stands in a property itself; an accessor has none, and counts as something that no part may be. */
function own(given: unknown, name: string): unknown {
  if (typeof given !== "object" || given === null) return null;
  const property = Object.getOwnPropertyDescriptor(given, name);
  return property === undefined || "value" in property ? property?.value : null;
}

const typedArrays = Object.getPrototypeOf(Uint8Array.prototype) as object;
const kindOf = Object.getOwnPropertyDescriptor(typedArrays, Symbol.toStringTag)?.get;
const lengthOf = Object.getOwnPropertyDescriptor(typedArrays, "length")?.get;

/** By what the engine of the language knows of it: no prototype, species or proxy can say so. */
function isBytes(value: unknown): value is Uint8Array {
  return kindOf?.call(value) === "Uint8Array";
}

/** Small bodies come from Node's pool, which is several times faster. The array is ours alone, so nobody sees its neighbours. */
function copyOf(body: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafe(lengthOf?.call(body) as number);
  copy.set(body);
  return copy;
}

function tableOf(given: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const rows: [string, string][] = [];
  for (const name of Object.keys(given)) {
    const value = own(given, name);
    if (typeof value !== "string") return undefined;
    rows.push([name, value]);
  }
  return Object.freeze(Object.fromEntries(rows));
}

function listOf(given: unknown): readonly string[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const items = given.map((_, i) => own(given, String(i)));
  return items.every((item) => typeof item === "string") ? Object.freeze(items) : undefined;
}

/** The reference itself is the one of the configuration, never what the connector made. */
function credentialOf(given: unknown, destination: DestinationSpec): CredentialRef | undefined {
  const kind = own(given, "kind");
  if (kind === "named") {
    const credential = own(given, "name");
    return typeof credential === "string" && credentialsIn(destination).has(credential) ? Object.freeze({ kind, name: credential }) : undefined;
  }
  const user = own(given, "user");
  const named = own(given, "secret");
  const source = own(named, "source");
  const name = own(named, "name");
  const secret = secretsIn(destination).find((ref) => ref.source === source && ref.name === name);
  if (!secret) return undefined;
  if (kind === "bearer") return Object.freeze({ kind, secret });
  return kind === "basic" && typeof user === "string" ? Object.freeze({ kind, user, secret }) : undefined;
}

const secrets = new WeakMap<DestinationSpec, readonly SecretRef[]>();

function secretsIn(destination: DestinationSpec): readonly SecretRef[] {
  let found = secrets.get(destination);
  if (!found) secrets.set(destination, (found = [...secretsAt(destination.options)]));
  return found;
}

const credentials = new WeakMap<DestinationSpec, ReadonlySet<string>>();

/** Names under `auth.credential`, wherever in the options. */
function credentialsIn(destination: DestinationSpec): ReadonlySet<string> {
  let found = credentials.get(destination);
  if (!found) credentials.set(destination, (found = new Set(credentialNames(destination.options).map(({ name }) => name))));
  return found;
}

function* secretsAt(value: unknown): Generator<SecretRef> {
  if (value instanceof SecretRef) yield value;
  else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) yield* secretsAt(item);
}
