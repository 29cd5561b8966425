import { type InboundReply, type InboundRequest, type Listening, type ReceiveOptions, type Source, type SourceContext, sizeBytes } from "../../engine/sdk/index.ts";
import { documents, type Named } from "./documents.ts";
import type { SourceOptions } from "./options.ts";
import { isUserName, readPatch } from "./patch.ts";
import { json, list, mediaType, refusal, userSchema } from "./reply.ts";
import { type Known, Roster } from "./roster.ts";

type Read = Readonly<Record<string, unknown>>;

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const mostListed = 200;

/** The Users of a SCIM service provider (RFC 7644): each change is one message, and its answer leaves after the engine's receipt. */
export function scimSource(options: SourceOptions): Source {
  const listening: Listening[] = [];
  const open = new Set<Promise<unknown>>();
  const { path } = options;
  const about = documents(path);
  /** Changes go one after the other: two at once could make one user twice. */
  let turn: Promise<unknown> = Promise.resolve();

  return {
    async start(ctx) {
      const { port, host, tls, auth } = options;
      const roster = new Roster(ctx);
      for (const method of methods) {
        const route = { method, path: `${path}/*`, port, host, maxBody: sizeBytes(options.maxBody), ...(tls ? { tls } : {}), ...(auth ? { auth } : {}) };
        const handler = (request: InboundRequest) => {
          const reply = method === "GET" ? look(request, roster) : inTurn(() => change(request, roster, ctx));
          open.add(reply);
          return reply.finally(() => open.delete(reply));
        };
        listening.push(await ctx.serve(route, handler));
      }
    },

    async stop() {
      await Promise.all(listening.splice(0).map((each) => each.close()));
      await Promise.allSettled([...open]);
    },
  };

  function inTurn(run: () => Promise<InboundReply>): Promise<InboundReply> {
    const reply = turn.then(run);
    turn = reply.catch(() => undefined);
    return reply;
  }

  async function look({ rest = "", query = {} }: InboundRequest, roster: Roster): Promise<InboundReply> {
    const [kind, id, ...more] = rest.split("/");
    if (more.length > 0) return refusal(404, "SCM-108");
    if (kind === "ServiceProviderConfig" && id === undefined) return json(200, about.config);
    if (kind === "ResourceTypes") return shown(about.types, id);
    if (kind === "Schemas") return shown(about.schemas, id);
    if (kind !== "Users") return refusal(404, "SCM-108");
    if (id === undefined) return search(query, roster);
    const known = roster.find(id);
    return known ? json(200, userOf(known), { etag: etagOf(known) }) : refusal(404, "SCM-105");
  }

  /** `attribute eq "value"` of what is known here, or all users page by page (RFC 7644 section 3.4.2). */
  function search({ filter, startIndex, count }: Readonly<Record<string, string>>, roster: Roster): InboundReply {
    if (filter !== undefined) {
      const [, attribute = "", written = ""] = /^\s*(userName|id)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(filter) ?? [];
      const value = textIn(written);
      if (attribute === "" || value === undefined) return refusal(400, "SCM-104", "invalidFilter");
      const isName = attribute.toLowerCase() === "username";
      const known = isName ? roster.named(value) : roster.find(value);
      return list(known ? [{ ...userOf(known), ...(isName && { userName: value }) }] : []);
    }
    const from = Math.max(1, whole(startIndex) ?? 1);
    const all = [...roster.all()];
    return list(all.slice(from - 1, from - 1 + Math.min(mostListed, whole(count) ?? mostListed)).map(userOf), from, all.length);
  }

  async function change(request: InboundRequest, roster: Roster, ctx: SourceContext): Promise<InboundReply> {
    const { method, rest = "" } = request;
    const [kind, id, ...more] = rest.split("/");
    if (kind !== "Users" || more.length > 0 || (method === "POST") !== (id === undefined)) return refusal(404, "SCM-108");
    const known = id === undefined ? undefined : roster.find(id);
    if (method !== "POST" && !known) return refusal(404, "SCM-105");
    const held = request.headers["if-match"];
    if (held !== undefined && held !== "*" && known && held !== etagOf(known)) return refusal(412, "SCM-107");
    if (known && method === "DELETE") return sent({ operation: "delete", id: known.id }, Roster.goneFrom(known), request, ctx, () => ({ status: 204 }));
    const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
    if (type !== mediaType && type !== "application/json") return refusal(415, "SCM-102");
    const body = objectIn(request.body);
    if (!body) return refusal(400, "SCM-101", "invalidSyntax");
    if (known && method === "PATCH") return patched(body, known, request, roster, ctx);
    if (!isUserName(body.userName) || !(body.active === undefined || typeof body.active === "boolean")) return refusal(400, "SCM-101", "invalidValue");
    const isNew = known === undefined;
    const next = await moved(known, { userName: body.userName, active: body.active !== false }, roster);
    if (!next) return refusal(409, "SCM-106", "uniqueness");
    const message = { operation: isNew ? "create" : "replace", id: next.id };
    const shownBody = withoutPasswords(body);
    // The resource stands in the message as it came, to the byte; but no engine keeps what somebody signs in with.
    const resource = Object.keys(shownBody).length === Object.keys(body).length ? request.body : rewritten(request.body);
    return sent(message, Roster.place(next), request, ctx, () => json(isNew ? 201 : 200, { ...shownBody, ...userOf(next) }, { etag: etagOf(next), ...(isNew && { location: locationOf(next) }) }), resource);
  }

  async function patched(body: Read, known: Known, request: InboundRequest, roster: Roster, ctx: SourceContext): Promise<InboundReply> {
    const patch = readPatch(body);
    if ("wrong" in patch) return refusal(400, "SCM-103", patch.wrong);
    const next = await moved(known, patch, roster);
    if (!next) return refusal(409, "SCM-106", "uniqueness");
    return sent({ operation: "patch", id: known.id, changes: patch.changes }, Roster.place(next), request, ctx, () => ({ status: 204, headers: { etag: etagOf(next) } }));
  }

  /** The user as it will be; `undefined` where another has the name. */
  async function moved(known: Known | undefined, { userName, active }: { readonly userName?: string; readonly active?: boolean }, roster: Roster): Promise<Known | undefined> {
    const before = known ?? { id: roster.mint(userName ?? ""), version: 0, active: true, name: "" };
    const other = userName === undefined ? undefined : roster.named(userName);
    if (other && other.id !== before.id) return undefined;
    const name = userName === undefined ? before.name : roster.nameOf(userName);
    if (name !== before.name) await roster.prepare(before.id, name, known === undefined);
    return { ...before, version: before.version + 1, active: active ?? before.active, name };
  }

  async function sent(message: object, checkpoint: NonNullable<ReceiveOptions["checkpoint"]>, { principal }: InboundRequest, ctx: SourceContext, well: () => InboundReply, resource?: Uint8Array): Promise<InboundReply> {
    const receipt = await ctx.receive(bytesOf(message, resource), { whole: true, checkpoint, ...(principal && { principal }) });
    if (receipt.kind === "unavailable") return refusal(503, receipt.code);
    if (receipt.kind === "unanswered") return refusal(504, receipt.code);
    return receipt.kind === "refused" ? refusal(400, receipt.code, "invalidValue") : well();
  }

  function locationOf({ id }: Known): string {
    return `${path}/Users/${id}`;
  }

  function userOf(known: Known) {
    return { schemas: [userSchema], id: known.id, active: known.active, meta: { resourceType: "User", location: locationOf(known), version: etagOf(known) } };
  }
}

const etagOf = ({ version }: Known) => `W/"${version}"`;

function shown(all: readonly Named[], id: string | undefined): InboundReply {
  if (id === undefined) return list(all);
  const found = all.find((each) => each.id === id);
  return found ? json(200, found) : refusal(404, "SCM-108");
}

/** The message: what is done, to whom, and the resource as it came. */
function bytesOf(about: object, resource: Uint8Array | undefined): Uint8Array {
  const head = JSON.stringify(about);
  if (!resource) return new TextEncoder().encode(head);
  const before = new TextEncoder().encode(`${head.slice(0, -1)},"resource":`);
  const message = new Uint8Array(before.length + resource.length + 1);
  message.set(before);
  message.set(resource, before.length);
  message[message.length - 1] = 0x7d;
  return message;
}

function objectIn(body: Uint8Array): Read | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Read) : undefined;
  } catch {
    return undefined;
  }
}

/** Names of attributes are compared without case (RFC 7643 section 2.1). */
function withoutPasswords(body: Read): Read {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name.toLowerCase() !== "password"));
}

/** Of ECMAScript 2026, in Node since 22; the types do not know it yet. */
const { rawJSON: rawJson } = JSON as typeof JSON & { rawJSON(text: string): unknown };

/** Numbers stay as they were written. */
function rewritten(body: Uint8Array): Uint8Array {
  const exact = (_: string, value: unknown, { source }: { readonly source?: string } = {}) => (typeof value === "number" && source !== undefined ? rawJson(source) : value);
  const read = JSON.parse(new TextDecoder().decode(body), exact as (key: string, value: unknown) => unknown) as Read;
  return new TextEncoder().encode(JSON.stringify(withoutPasswords(read)));
}

function textIn(written: string): string | undefined {
  try {
    return written === "" ? undefined : (JSON.parse(written) as string);
  } catch {
    return undefined;
  }
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
