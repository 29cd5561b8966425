import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { declaredCharset, declaredEncoding, decode } from "../codec/bytes/index.ts";
import { roundTrips } from "../codec/bytes/roundtrip.ts";
import { utf16Of } from "../codec/bytes/declared.ts";
import { codes } from "../codec/codes.ts";
import { type Detected, detectFormat, readTree, sniffCsv, type Tree } from "../codec/index.ts";
import type { Problem } from "../codec/problem.ts";
import { problemsOf } from "../codec/validate.ts";
import { codeOf, EngineError } from "../sdk/error.ts";
import { type Format, formats } from "../sdk/content.ts";
import type { Command, ExitCode } from "./command.ts";
import { type Strictness, strictness } from "./inspect-strict.ts";
import { printable, treeLines } from "./inspect-tree.ts";
import { wrongCall } from "./wrong-call.ts";

const readable: readonly string[] = formats;

export const command: Command = {
  name: "inspect",
  summary: "print a message as a named tree with its problems",
  usage: "sluice inspect FILE… [--format F] [--strict] [--profile P] [--json] [--roundtrip] [--seed N]",
  examples: ["sluice inspect result.hl7", "sluice inspect --profile north-lab result.hl7", "sluice inspect --profile us-core patient.json", "sluice inspect --roundtrip --json --seed 7 messages/"],
  options: {
    format: { type: "string" },
    strict: { type: "boolean" },
    profile: { type: "string" },
    roundtrip: { type: "boolean" },
    seed: { type: "string" },
  },
  positionals: { min: 1, max: Number.MAX_SAFE_INTEGER, help: "files, or folders to walk" },
  async run(call) {
    const { format, seed = "1" } = call.flags;
    if (format !== undefined && !readable.includes(String(format))) {
      return wrongCall(call.terminal, `--format is one of ${readable.join(", ")}`, "inspect");
    }
    if (!/^\d{1,15}$/.test(String(seed))) {
      return wrongCall(call.terminal, "--seed is a whole number", "inspect");
    }
    const { profile } = call.flags;
    const asked = call.flags.strict === true || profile !== undefined ? strictness(call.terminal.cwd, profile === undefined ? undefined : String(profile)) : undefined;
    if (typeof asked === "string") return wrongCall(call.terminal, asked, "inspect");
    let exit: ExitCode = 0;
    for (const word of call.words) {
      let files: string[];
      try {
        files = filesOf(call.terminal.cwd, word);
      } catch {
        return wrongCall(call.terminal, `cannot read ${word}`, "inspect");
      }
      for (const file of files) {
        if (call.terminal.signal.aborted) return 1;
        const bytes = readFileSync(resolve(call.terminal.cwd, file));
        const report = await inspect(file, bytes, format as Format | undefined, call.flags.roundtrip === true, Number(seed), asked);
        call.terminal.out(call.json ? JSON.stringify(summary(report)) : shown(report));
        if (!report.ok) exit = 1;
      }
    }
    return exit;
  },
};

interface Report {
  readonly file: string;
  readonly format: Detected;
  /** Read, as its standard and profile say and come back whole where that was asked. A message may be read and still have oddities among its problems. */
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly identical?: boolean;
  readonly tree?: Tree;
}

async function inspect(file: string, bytes: Uint8Array, asked: Format | undefined, roundtrip: boolean, seed: number, strict?: Strictness): Promise<Report> {
  const found = detect(bytes);
  const format = asked ?? found;
  if (!isReadable(format)) return { file, format, ok: true, problems: [] };
  let text: string | undefined;
  try {
    text = decode(bytes, { format }).text;
    const csv = format === "csv" ? sniffCsv(text) : undefined;
    const tree = readTree(format, text, csv);
    const problems = strict ? (await strict.of(format))(tree) : problemsOf(tree);
    const isSound = strict === undefined || !problems.some(({ severity }) => severity === "error");
    if (!roundtrip) return { file, format, ok: isSound, problems, tree };
    const identical = roundTrips(bytes, format, seed, csv);
    return { file, format, ok: identical && isSound, problems, tree, identical };
  } catch (error) {
    const problem = { code: codeOf(error, "HL7-001"), path: "", line: lineOf(error, text ?? Buffer.from(bytes).toString("latin1")) };
    return { file, format: found, ok: false, problems: [problem], ...(roundtrip && { identical: false }) };
  }
}

/** The format of bytes: HL7 v2 in any character set, else what the text is when it is UTF-8. */
function detect(bytes: Uint8Array): Detected {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = utf16Of(bytes);
  if (wide !== undefined) {
    const text = wide === "utf-16le" ? buffer.toString("utf16le") : Buffer.from(buffer.subarray(0, buffer.length & ~1)).swap16().toString("utf16le");
    const found = detectFormat(text);
    return found === "hl7v2" || found === "xml" || found === "script" ? found : "unknown";
  }
  const start = buffer.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  const head = buffer.toString("latin1", start, start + 256);
  if (detectFormat(head) === "hl7v2" || declaredCharset(bytes) !== "") return "hl7v2";
  if (declaredEncoding(head) !== undefined) return detectFormat(buffer.toString("latin1", start)) === "script" ? "script" : "xml";
  return isUtf8(bytes) ? detectFormat(buffer.toString("utf8")) : "unknown";
}

const byteOrderMark = Uint8Array.from([0xef, 0xbb, 0xbf]);

function isReadable(format: Detected): format is Format {
  return readable.includes(format);
}

/** Errors say a line, or an offset: in characters, or in bytes where the bytes could not be read. */
function lineOf(error: unknown, text: string): number {
  if (!(error instanceof EngineError)) return 1;
  const { line, offset } = error.safe;
  if (typeof line === "number") return line;
  if (typeof offset !== "number") return 1;
  return 1 + (text.slice(0, offset).match(/\r\n|\r|\n/g)?.length ?? 0);
}

function filesOf(cwd: string, word: string): string[] {
  if (!statSync(resolve(cwd, word)).isDirectory()) return [word];
  return readdirSync(resolve(cwd, word), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(word, entry.parentPath.slice(resolve(cwd, word).length), entry.name))
    .sort();
}

function summary({ file, format, ok, problems, identical }: Report) {
  return { file, format, ok, problems, ...(identical !== undefined && { identical }) };
}

function shown(report: Report): string {
  const { file, format, problems, identical, tree } = report;
  const titles: Readonly<Record<string, { readonly title: string }>> = codes;
  const words = [file, format, tree?.type ?? "", identical === undefined ? "" : identical ? "identical" : "NOT identical"];
  const lines = [words.filter((word) => word !== "").map(printable).join("  "), ...(tree === undefined ? [] : treeLines(tree))];
  for (const { code, path, line, rule } of problems) {
    lines.push(`problem ${code} line ${line}${path === "" ? "" : ` ${path}`}: ${titles[code]?.title ?? ""}${rule === undefined ? "" : ` (${rule})`}`);
  }
  return lines.join("\n");
}
