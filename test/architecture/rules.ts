import { type Import, importsOf } from "./imports.ts";
import { mask } from "./mask.ts";

/** DESIGN 4: a room imports only rooms of a lower number. Rooms of one number do not know each other. */
const order: Readonly<Record<string, number>> = {
  sdk: 0, codec: 1, config: 2, phi: 3, sandbox: 4, store: 5, queue: 6, cases: 7, flow: 8, runtime: 9, identity: 10, map: 10, disclosures: 10, console: 11, cli: 12,
};

/** Where a module of that name may be imported; the paths are beginnings. */
const homes: Readonly<Record<string, readonly string[]>> = {
  net: ["engine/runtime/net/", "engine/console/", "engine/sandbox/worker/probe.ts"], // the probe finds out that it cannot connect
  tls: ["engine/runtime/net/", "engine/console/"],
  http: ["engine/runtime/net/", "engine/console/"],
  https: ["engine/runtime/net/", "engine/console/"],
  http2: [],
  dgram: ["engine/runtime/net/"],
  sqlite: ["engine/store/", "engine/cases/", "engine/runtime/files/database-file.ts", "engine/runtime/feeds/feed-file.ts", "engine/sdk/streams.ts"],
  yaml: ["engine/config/"],
  "isolated-vm": ["engine/sandbox/"],
  "@hono/node-server": ["engine/console/"],
  fhirpath: ["engine/codec/fhir-validate/"],
};

/**
 * Commands are the outside of the engine: `send` is a client and the example project has simulators, so they open sockets of their own.
 */
const clients = "engine/cli/";

/** Connectors are handed sockets, files and time by the engine. */
const forbiddenToConnectors = ["net", "tls", "http", "https", "http2", "dgram", "fs", "fs/promises", "child_process", "worker_threads", "cluster"];

/** Code that decides something takes its clock, randomness and network as arguments. */
const decides = ["engine/flow/", "engine/cases/", "engine/queue/", "engine/store/", "engine/phi/", "engine/codec/"];
/** Plumbing below the store's protocol, and the one place that wires its ports. */
const plumbing = ["engine/store/index.ts", "engine/store/thread-writer.ts", "engine/store/thread-writer-main.ts", "engine/store/disk.ts", "engine/store/lock.ts"];
const ambient = /(?<![.\w$])(?:Date\.now\s*\(|new\s+Date\s*\(\s*\)|Date\s*\(\s*\)|performance\.now\s*\(|(?:setTimeout|setInterval|setImmediate|fetch)\s*\(|Math\.random\s*\(|console\.)/g;

/** The one library inside the isolate: pure ECMAScript, linked by engine/sandbox/load.ts. */
const xmlReader = "engine/codec/xml/";

/** Parts of the codec that run on the host only: bytes need Buffer, and invariants of FHIR need fhirpath and tables too large for an isolate. */
const hostParts = ["engine/codec/bytes/", "engine/codec/fhir-validate/"];

/** What the isolate does not have. */
const hostOnly = /(?<![.\w$'"-])(?:Buffer|process|TextDecoder|TextEncoder|URL|URLSearchParams|structuredClone|performance|crypto|queueMicrotask|globalThis|__dirname)\b(?!\s*[:?]?:)/g;

const longest = 400;
const vagueNames = /^(?:utils?|helpers?|types?|common|misc|shared)\.tsx?$/;

export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Everything the sources do that the layout forbids, as `path:line: what`. */
export function violations(sources: readonly Source[]): string[] {
  return sources.filter(({ path }) => !/\.test\.tsx?$/.test(path)).flatMap((source) => [...shape(source), ...arrows(source), ...modules(source), ...names(source)]);
}

function shape({ path, text }: Source): string[] {
  const lines = text.split("\n").length - 1;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return [
    ...(lines > longest ? [`${path}:${lines}: ${lines} lines; split it (at most ${longest})`] : []),
    ...(vagueNames.test(name) ? [`${path}:1: a name that says nothing; name it after what it knows`] : []),
  ];
}

function arrows(source: Source): string[] {
  const from = roomOf(source.path);
  return importsOf(source.path, source.text).flatMap((i) => {
    if (!i.relative) return [];
    if (from === "connector") return connectorMay(source.path, i) ? [] : [`${source.path}:${i.line}: a connector imports engine/sdk alone, not ${i.target}`];
    const to = roomOf(i.target);
    if (from === undefined || to === from) return [];
    if (to === "connector") return [`${source.path}:${i.line}: connectors are found by name by runtime/registry, not imported`];
    if (to === undefined) return outsideAllowed(source.path, i) ? [] : [`${source.path}:${i.line}: ${i.target} is outside the engine`];
    return (order[to] ?? 99) < (order[from] ?? -1) ? [] : [`${source.path}:${i.line}: ${from} must not import ${to} (${i.target})`];
  });
}

function connectorMay(path: string, { target }: Import): boolean {
  const own = path.split("/").slice(0, 2).join("/");
  return target.startsWith(`${own}/`) || target === "engine/sdk/index.ts" || target.startsWith("engine/sdk/testing/");
}

/** Facts in JSON may be read from `schemas/`, and the package's own name and version from `package.json`. */
function outsideAllowed(path: string, { target }: Import): boolean {
  return target === "package.json" || target.startsWith("schemas/") || (path.startsWith("engine/cli/") && target.startsWith("test/simulators/"));
}

function modules(source: Source): string[] {
  return importsOf(source.path, source.text).flatMap((i) => {
    if (i.relative) return [];
    const name = i.target.replace(/^node:/, "");
    const refuse = (why: string) => [`${source.path}:${i.line}: ${why}`];
    if (source.path.startsWith("connectors/") && forbiddenToConnectors.includes(name)) return refuse(`connectors do not import ${i.target}: ctx opens what they need`);
    if (source.path.startsWith(xmlReader) && name === "saxes") return [];
    if (isPureCodec(source.path)) return refuse(`codec is pure ECMAScript and imports no ${i.target}`);
    const home = homes[name];
    if (home === undefined || home.some((h) => source.path.startsWith(h))) return [];
    if (source.path.startsWith(clients) && ["net", "tls", "http", "https"].includes(name)) return [];
    return refuse(`${i.target} belongs to ${home.join(" and ") || "no room"}`);
  });
}

function names(source: Source): string[] {
  const checked = decides.some((d) => source.path.startsWith(d)) && !plumbing.includes(source.path) && !/\/testing[^/]*\.ts$/.test(source.path);
  const pure = isPureCodec(source.path);
  const connector = source.path.startsWith("connectors/");
  if (!checked && !pure && !connector) return [];
  const code = mask(source.text, "code");
  const found = (pattern: RegExp, why: string) =>
    [...code.matchAll(pattern)].map((m) => `${source.path}:${code.slice(0, m.index).split("\n").length}: ${m[0].replace(/\s*\($/, "")} ${why}`);
  return [
    ...(checked || connector ? found(ambient, "is ambient: take it as an argument (Clock, Random, ctx)") : []),
    ...(pure ? found(hostOnly, "is not ECMAScript: codec also runs inside the isolate") : []),
  ];
}

function isPureCodec(path: string): boolean {
  return path.startsWith("engine/codec/") && !hostParts.some((each) => path.startsWith(each));
}

function roomOf(path: string): string | undefined {
  const [top, room] = path.split("/");
  if (top === "connectors") return "connector";
  return top === "engine" && room !== undefined && room in order ? room : undefined;
}
