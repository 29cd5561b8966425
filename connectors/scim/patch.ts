import type { ScimType } from "./reply.ts";

/** One change of RFC 7644 section 3.5.2, with a path and `op` in lower case. */
export interface Change {
  readonly op: "add" | "replace" | "remove";
  readonly path: string;
  readonly value?: unknown;
}

export interface Patch {
  readonly changes: readonly Change[];
  /** What the source itself must know of them. */
  readonly active?: boolean;
  readonly userName?: string;
}

const path = /^[A-Za-z][A-Za-z0-9:._$-]{0,200}(\[[^[\]]{1,200}\](\.[A-Za-z][A-Za-z0-9_$-]{0,100})?)?$/;
const userPrefix = /^urn:ietf:params:scim:schemas:core:2\.0:user:/i;
const mostChanges = 1000;

type Read = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Read => typeof value === "object" && value !== null && !Array.isArray(value);

/** The changes of a PatchOp, one path each, or the word of why it is none. Identity providers write `Replace`, and `"False"` for a boolean: both are taken for what they mean. */
export function readPatch(body: Read): Patch | { readonly wrong: ScimType } {
  const operations = body.Operations;
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > mostChanges) return { wrong: "invalidSyntax" };
  const changes: Change[] = [];
  for (const operation of operations) {
    const read = isObject(operation) ? changesOf(operation) : "invalidSyntax";
    if (typeof read === "string") return { wrong: read };
    changes.push(...read);
  }
  let active: boolean | undefined;
  let userName: string | undefined;
  for (const change of changes) {
    if (change.path === "active") active = change.value === true;
    if (change.path === "userName") userName = change.value as string;
  }
  return { changes, ...(active !== undefined && { active }), ...(userName !== undefined && { userName }) };
}

function changesOf({ op, path: at, value }: Read): readonly Change[] | ScimType {
  const what = typeof op === "string" ? op.toLowerCase() : "";
  if (what !== "add" && what !== "replace" && what !== "remove") return "invalidSyntax";
  if (at === undefined && what === "remove") return "noTarget";
  if (at === undefined) {
    if (!isObject(value)) return "invalidSyntax";
    return all(Object.entries(value).map(([name, each]) => changeOf(what, name, each)));
  }
  return all([typeof at === "string" ? changeOf(what, at, value) : "invalidPath"]);
}

function changeOf(op: Change["op"], written: string, value: unknown): Change | ScimType {
  if (!path.test(written)) return "invalidPath";
  const plain = written.replace(userPrefix, "");
  const name = plain.toLowerCase();
  if (name === "id" || name === "meta" || name === "schemas" || name.startsWith("meta.")) return "mutability";
  // The engine keeps no password, and says so (`changePassword`).
  if (name === "password") return "mutability";
  if (op === "remove") return name === "username" || name === "active" ? "mutability" : { op, path: plain };
  if (value === undefined) return "invalidValue";
  if (name === "active") {
    const said = typeof value === "string" ? { true: true, false: false }[value.toLowerCase()] : value;
    return typeof said === "boolean" ? { op, path: "active", value: said } : "invalidValue";
  }
  if (name === "username") return isUserName(value) ? { op, path: "userName", value } : "invalidValue";
  return { op, path: plain, value };
}

/** RFC 7643 section 4.1.1: required, and not empty. */
export function isUserName(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= 256;
}

function all(read: readonly (Change | ScimType)[]): readonly Change[] | ScimType {
  return read.find((each) => typeof each === "string") ?? (read as readonly Change[]);
}
