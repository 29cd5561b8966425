import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Arrivals } from "./arrivals.ts";

type Resource = Record<string, unknown> & { readonly resourceType: string };
type Answer = { readonly status: number; readonly json?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly text?: string };

/** One bad answer, in place of the next one that `at` fits. */
export interface BadDay {
  readonly at: RegExp;
  readonly what: "busy" | "conflict" | "mismatch" | "expired" | "fault" | "echo" | "silent" | "slow" | "elsewhere" | "partly";
  /** When a slow answer comes; without it, after two seconds. */
  readonly until?: Promise<void>;
}

/** What a test may ask of the server, or tell it to do. */
export interface FhirServer {
  /** What it holds, newest versions. */
  all(type: string): readonly Resource[];
  /** Changes a resource as its own staff would. */
  put(resource: Resource): Resource;
  /** Bad answers to come, each for one request. */
  readonly bad: BadDay[];
  /** Resources a page, whatever is asked. */
  pageSize: number;
  /** Where its subscription sends notifications, as a rest-hook does. */
  subscriber: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly payload: boolean } | undefined;
}

/** A FHIR R4 server of an electronic record, enough of one for a client to be tested with. It shares no code with the engine: that is its use. */
export function fhirServer(arrivals: Arrivals): { readonly server: Server; readonly told: FhirServer } {
  const held = new Map<string, Resource>();
  const files = new Map<string, string>();
  let version = 0;
  let exports = 0;
  const told: FhirServer = {
    all: (type) => [...held.values()].filter((each) => each.resourceType === type),
    put: (resource) => keep(resource, String(resource.id)),
    bad: [],
    pageSize: 1000,
    subscriber: undefined,
  };

  function keep(resource: Resource, id: string): Resource {
    const last = Math.max(0, ...[...held.values()].map(({ meta }) => Date.parse((meta as { lastUpdated: string }).lastUpdated)));
    const lastUpdated = new Date(Math.max(Date.now(), last + 1)).toISOString();
    const kept = { ...resource, id, meta: { ...(resource.meta as object | undefined), versionId: String(++version), lastUpdated } };
    held.set(`${resource.resourceType}/${id}`, kept);
    const { subscriber } = told;
    if (subscriber) {
      const to = subscriber.payload ? { url: `${subscriber.url}/${resource.resourceType}/${id}`, method: "PUT", body: JSON.stringify(kept) } : { url: subscriber.url, method: "POST", body: "" };
      void fetch(to.url, { method: to.method, headers: { "content-type": "application/fhir+json", ...subscriber.headers }, body: to.body }).catch(() => undefined);
    }
    return kept;
  }

  const matching = (query: string, type: string): Resource[] => {
    const [system, value] = (new URLSearchParams(query).get("identifier") ?? "").split("|");
    return told.all(type).filter(({ identifier }) => ((identifier ?? []) as { system?: string; value?: string }[]).some((each) => each.system === system && each.value === value));
  };

  function entry({ resource, request }: { resource?: Resource; request: { method: string; url: string; ifNoneExist?: string } }): { status: string; location?: string; outcome?: unknown } {
    const [path = "", query] = request.url.split("?");
    const [type = "", id] = path.split("/");
    if (request.method === "DELETE") return { status: held.delete(`${type}/${id}`) ? "204" : "404" };
    if (!resource) return { status: "400", outcome: outcome("required") };
    if (request.method === "POST") {
      const found = request.ifNoneExist === undefined ? [] : matching(request.ifNoneExist, type);
      if (found.length > 1) return { status: "412", outcome: outcome("multiple-matches") };
      return found[0] ? { status: "200 OK" } : { status: "201 Created", location: `${type}/${keep(resource, `s${version + 1}`).id}` };
    }
    const found = query === undefined ? [] : matching(query, type);
    if (found.length > 1) return { status: "412", outcome: outcome("multiple-matches") };
    const at = id ?? String(found[0]?.id ?? `s${version + 1}`);
    const isNew = !held.has(`${type}/${at}`);
    keep(resource, at);
    return { status: isNew ? "201 Created" : "200 OK", location: `${type}/${at}` };
  }

  function bundle(body: Resource, isPartly: boolean): Answer {
    const entries = (body.entry ?? []) as Parameters<typeof entry>[0][];
    const answers = entries.map((each, i) => (isPartly && i === entries.length - 1 ? { status: "422 Unprocessable Entity", outcome: outcome("processing") } : entry(each)));
    const refused = answers.find(({ status }) => Number.parseInt(status, 10) >= 400);
    if (body.type === "transaction" && refused) return { status: Number.parseInt(refused.status, 10), json: refused.outcome };
    return { status: 200, json: { resourceType: "Bundle", type: `${String(body.type)}-response`, entry: answers.map((response) => ({ response })) } };
  }

  function search(type: string, form: URLSearchParams, offset: number, base: string, day: BadDay | undefined): Answer {
    const since = (form.get("_lastUpdated") ?? "ge1970-01-01").replace(/^ge/, "");
    const stamp = ({ meta }: Resource) => (meta as { lastUpdated: string }).lastUpdated;
    const found = told.all(type).filter((each) => Date.parse(stamp(each)) >= Date.parse(since) && fits(each, form)).sort((a, b) => (stamp(a) < stamp(b) ? -1 : 1));
    const size = Math.min(told.pageSize, Number(form.get("_count") ?? 1000));
    const shown = found.slice(offset, offset + size);
    const token = Buffer.from(JSON.stringify([type, form.toString(), offset + size])).toString("base64url");
    const next = offset + size < found.length ? [{ relation: "next", url: `${day?.what === "elsewhere" ? "http://127.0.0.2:9" : base}/fhir/pages?_getpages=${token}` }] : [];
    return { status: 200, json: { resourceType: "Bundle", type: "searchset", total: found.length, link: next, entry: shown.map((resource) => ({ fullUrl: `${base}/fhir/${type}/${String(resource.id)}`, resource, search: { mode: "match" } })) } };
  }

  function exported(method: string, url: URL, base: string): Answer {
    if (url.pathname.endsWith("$export")) {
      const types = (url.searchParams.get("_type") ?? "Patient").split(",");
      const since = Date.parse(url.searchParams.get("_since") ?? "1970-01-01");
      for (const type of types) {
        const lines = told.all(type).filter(({ meta }) => Date.parse((meta as { lastUpdated: string }).lastUpdated) > since);
        files.set(`${++exports}/${type}`, lines.map((each) => `${JSON.stringify(each)}\n`).join(""));
      }
      return { status: 202, headers: { "content-location": `${base}/fhir/export-job/${exports}?polls=0` } };
    }
    if (method === "DELETE") return { status: 202 };
    if (url.searchParams.get("polls") === "0" && !files.has("polled")) {
      files.set("polled", "");
      return { status: 202, headers: { "retry-after": "1", "x-progress": "50%" } };
    }
    files.delete("polled");
    const output = [...files.keys()].map((name) => ({ type: name.split("/")[1], url: `${base}/fhir/export-file/${name}` }));
    return { status: 200, json: { transactionTime: new Date().toISOString(), request: `${base}/fhir/Patient/$export`, requiresAccessToken: true, output, error: [] } };
  }

  async function answer(request: IncomingMessage, text: string, base: string): Promise<Answer | "silent"> {
    const url = new URL(request.url ?? "/", base);
    const rest = url.pathname.replace(/^\/fhir\/?/, "");
    const [type = "", id] = rest.split("/");
    const line = `${request.method} /${rest}`;
    const at = told.bad.findIndex((each) => each.at.test(line));
    const day = at < 0 ? undefined : told.bad.splice(at, 1)[0];
    const plain = day ? badAnswer(day, text) : undefined;
    if (plain) return plain;
    if (day?.what === "silent") {
      // It does what it was asked, and its answer is lost.
      if (type === "") bundle(JSON.parse(text) as Resource, false);
      return "silent";
    }
    if (day?.what === "slow") await (day.until ?? pause(2000));
    if (rest.includes("$export") || type === "export-job") return exported(request.method ?? "", url, base);
    if (type === "export-file") return { status: 200, text: files.get(rest.slice("export-file/".length)) ?? "" };
    if (type === "pages") {
      const [of, form, offset] = JSON.parse(Buffer.from(url.searchParams.get("_getpages") ?? "", "base64url").toString()) as [string, string, number];
      return search(of, new URLSearchParams(form), offset, base, day);
    }
    if (id === "_search" && request.method === "POST") return search(type, new URLSearchParams(text), 0, base, day);
    if (type === "" && request.method === "POST") return bundle(JSON.parse(text) as Resource, day?.what === "partly");
    if (request.method === "GET" && id) return held.has(rest) ? { status: 200, json: held.get(rest) } : { status: 404, json: outcome("not-found") };
    const { status, location, outcome: why } = entry({ ...(text !== "" && { resource: JSON.parse(text) as Resource }), request: { method: request.method ?? "", url: rest } });
    return { status: Number.parseInt(status, 10), ...(why !== undefined && { json: why }), ...(location !== undefined && { headers: { location: `${base}/fhir/${location}` } }) };
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      arrivals.push({ path: request.url ?? "", headers: { ...headers, ":method": request.method ?? "" }, body });
      const said = await answer(request, body, `http://127.0.0.1:${(server.address() as AddressInfo | null)?.port ?? 0}`);
      if (said !== "silent") write(response, said);
    });
  });
  return { server, told };
}

/** What this server can be asked by, beside when it changed. */
function fits(resource: Resource, form: URLSearchParams): boolean {
  const names = (resource.name ?? []) as { family?: string }[];
  const identifiers = (resource.identifier ?? []) as { system?: string; value?: string }[];
  return [...form].every(([name, value]) => {
    if (name === "_id") return resource.id === value;
    if (name === "family") return names.some(({ family }) => family?.toLowerCase().startsWith(value.toLowerCase()));
    if (name === "identifier") return identifiers.some((each) => `${each.system}|${each.value}` === value);
    return true;
  });
}

function badAnswer({ what }: BadDay, text: string): Answer | undefined {
  switch (what) {
    case "busy":
      return { status: 429, headers: { "retry-after": "1" }, json: outcome("throttled") };
    case "conflict":
      return { status: 409, json: outcome("conflict") };
    case "mismatch":
      return { status: 412, json: outcome("conflict") };
    case "expired":
      return { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' }, json: outcome("expired") };
    case "fault":
      return { status: 500, text: "fault" };
    case "echo":
      return { status: 422, json: { resourceType: "OperationOutcome", issue: [{ severity: "error", code: "invalid", diagnostics: `this cannot be used: ${text}` }] } };
    default:
      return undefined;
  }
}

function outcome(code: string): unknown {
  return { resourceType: "OperationOutcome", issue: [{ severity: "error", code }] };
}

function write(response: ServerResponse, { status, json, headers, text }: Answer): void {
  response.writeHead(status, { "content-type": text === undefined ? "application/fhir+json" : "application/fhir+ndjson", ...headers });
  response.end(text ?? (json === undefined ? "" : JSON.stringify(json)));
}
