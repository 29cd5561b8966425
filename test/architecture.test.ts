import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf } from "./architecture/imports.ts";
import { mask } from "./architecture/mask.ts";
import { type Source, violations } from "./architecture/rules.ts";

const root = join(import.meta.dirname, "..");
const sources: Source[] = globSync(["engine/**/*.{ts,tsx,mjs}", "connectors/**/*.{ts,tsx}"], { cwd: root }).map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

test("the sources keep to the layout", () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(violations(sources)).toEqual([]);
});

test("imports are read at all: every room but sdk imports a lower one", () => {
  const rooms = new Set(sources.flatMap(({ path, text }) => (importsOf(path, text).some((i) => i.target.startsWith("engine/sdk/")) ? [path.split("/")[1]] : [])));
  expect([...rooms]).toEqual(expect.arrayContaining(["codec", "config", "phi", "sandbox", "store", "queue", "flow", "runtime", "console", "cli"]));
});

describe("a planted violation is found:", () => {
  const planted: readonly (readonly [string, string, string])[] = [
    ["an upward arrow", "engine/codec/hl7v2/x.ts", 'import { a } from "../../flow/flow.ts";'],
    ["an upward arrow of types alone", "engine/sdk/x.ts", 'import type { Tree } from "../codec/tree.ts";'],
    ["an upward arrow over several lines", "engine/store/x.ts", 'import {\n  a,\n  b,\n} from "../queue/lane.ts";'],
    ["an upward re-export", "engine/phi/x.ts", 'export * from "../sandbox/sandbox.ts";'],
    ["an upward dynamic import", "engine/queue/x.ts", 'const m = await import("../runtime/engine.ts");'],
    ["an upward import type", "engine/config/x.ts", 'type L = import("../queue/lane.ts").LaneWork;'],
    ["two rooms of one height", "engine/map/x.ts", 'import { a } from "../identity/roles.ts";'],
    ["a connector that reaches into the engine", "connectors/mllp/x.ts", 'import { a } from "../../engine/runtime/engine.ts";'],
    ["a connector that imports another", "connectors/mllp/x.ts", 'import { a } from "../http/source.ts";'],
    ["an engine that imports a connector", "engine/runtime/x.ts", 'import mllp from "../../connectors/mllp/index.ts";'],
    ["a connector with a socket of its own", "connectors/http/x.ts", 'import { connect } from "node:net";'],
    ["a connector that reads files", "connectors/http/x.ts", 'import { readFile } from "fs/promises";'],
    ["a connector that fetches", "connectors/http/x.ts", "const r = await fetch(url);"],
    ["a codec with Node's globals", "engine/codec/hl7v2/x.ts", "const b = Buffer.from(text);"],
    ["a codec that imports a module", "engine/codec/json/x.ts", 'import { a } from "yaml";'],
    ["the wall clock in a lane", "engine/queue/x.ts", "const t = Date.now();"],
    ["the wall clock by new Date", "engine/flow/x.ts", "const t = new Date();"],
    ["a timer in the flow", "engine/flow/x.ts", "setTimeout(run, 5);"],
    ["chance in the boundary", "engine/phi/x.ts", "const r = Math.random();"],
    ["a log line in the store", "engine/store/x.ts", "console.log(message);"],
    ["a name inside a template", "engine/flow/x.ts", "const s = `at ${Date.now()} ms`;"],
    ["sqlite outside the store", "engine/flow/x.ts", 'import { DatabaseSync } from "node:sqlite";'],
    ["a socket outside runtime/net", "engine/runtime/x.ts", 'import { createServer } from "node:http";'],
    ["yaml outside config", "engine/runtime/x.ts", 'import { parse } from "yaml";'],
    ["isolated-vm outside the sandbox", "engine/flow/x.ts", 'import ivm from "isolated-vm";'],
    ["a file too long", "engine/flow/x.ts", "const a = 1;\n".repeat(401)],
    ["a file named after nothing", "engine/flow/utils.ts", ""],
  ];
  test.each(planted)("%s", (_what, path, text) => {
    expect(violations([{ path, text }])).toHaveLength(1);
  });
});

describe("what is allowed is not found:", () => {
  const fine: readonly (readonly [string, string, string])[] = [
    ["a downward arrow", "engine/flow/x.ts", 'import { a } from "../codec/tree.ts";'],
    ["the own room", "engine/flow/x.ts", 'import { a } from "./flow.ts";'],
    ["a connector and the sdk", "connectors/mllp/x.ts", 'import { a } from "../../engine/sdk/index.ts";'],
    ["an import inside a comment or a string", "engine/codec/x.ts", '// import { a } from "../flow/flow.ts"\nconst s = "Buffer"; /* Date.now() */'],
    ["a date from a number", "engine/phi/x.ts", "const d = new Date(now);"],
    ["a method of the same name", "engine/queue/x.ts", "clock.setTimeout(5); this.fetch(); partner.process;"],
    ["host code in codec/bytes", "engine/codec/bytes/x.ts", 'import { Buffer } from "node:buffer";'],
  ];
  test.each(fine)("%s", (_what, path, text) => {
    expect(violations([{ path, text }])).toEqual([]);
  });
});

test("masking keeps lines and hides strings, templates, regular expressions and comments", () => {
  const source = 'a("x//y") /* "\n */ + `t ${b("`")} u` + /["`/]/.test(c) // "d\n+ e / f / g';
  const code = mask(source, "code");
  expect(code.split("\n")).toHaveLength(3);
  expect(code.replace(/\s+/g, "")).toBe("a()+b()+.test(c)+e/f/g");
});
