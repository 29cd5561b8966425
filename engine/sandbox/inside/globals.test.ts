import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";
import { scope } from "./guest-code.ts";

const own = readFileSync(new URL("globals.d.ts", import.meta.url), "utf8");
let folder = "";
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of a code file beside the declarations. */
function checked(code: string): string {
  folder = mkdtempSync(join(import.meta.dirname, ".globals-"));
  writeFileSync(join(folder, "globals.d.ts"), own);
  writeFileSync(join(folder, "code.ts"), code);
  const compilerOptions = { target: "es2024", lib: ["es2024"], module: "nodenext", moduleResolution: "nodenext", types: ["node"], strict: true, noEmit: true, allowImportingTsExtensions: true, skipLibCheck: true, erasableSyntaxOnly: true };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
  const tsc = join(dirname(manifest), (JSON.parse(readFileSync(manifest, "utf8")) as { bin: { tsc: string } }).bin.tsc);
  try {
    return execFileSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

const root = resolve(import.meta.dirname, "../..").replaceAll("\\", "/");

test("what is declared to authors is what the engine gives them", () => {
  const code = `
import type { CsvMessage as Csv } from "${root}/codec/csv/index.ts";
import type { Hl7Message as Hl7 } from "${root}/codec/hl7v2/index.ts";
import type { IcalMessage as Ical } from "${root}/codec/ical/index.ts";
import type { XmlMessage as Xml } from "${root}/codec/xml/index.ts";
import type { ScriptMessage as Script } from "${root}/codec/script/message.ts";
import type { X12Message as X12 } from "${root}/codec/x12/index.ts";
import type { TextMessage as Text } from "${root}/sandbox/inside/message.ts";
declare const hl7: Hl7, csv: Csv, xml: Xml, script: Script, ical: Ical, x12: X12, text: Text;
export const messages: Messages = { hl7v2: hl7, csv, xml, script, ical, x12, text };
export const known: readonly unknown[] = [${scope.slice(2).join(", ")}];
export const tools: Tools = { ${scope.slice(2).join(", ")} };
`;
  expect(checked(code)).toBe("");
}, 30_000);

test("an author's mistake is one in the editor too", () => {
  expect(checked('export default (msg: Hl7Message) => { msg.sett("MSH-3", "X"); };')).toContain("sett");
}, 30_000);
