import { readTree, type X12Message } from "../../../engine/codec/index.ts";
import { faultsOf, type X12Fault } from "../../../engine/codec/x12/check/index.ts";
import { elementOf } from "../../../engine/codec/x12/element.ts";
import { transactionFor } from "../../../engine/codec/x12/grammar/index.ts";
import { idOf, type X12Line } from "../../../engine/codec/x12/segments.ts";
import { codeOf } from "../../../engine/sdk/index.ts";
import { bytesOf, type Corpus, filesIn, type Verdict } from "../corpus.ts";
import imsweb from "../verdicts/x12-imsweb.json" with { type: "json" };
import ours from "../verdicts/x12.json" with { type: "json" };

interface Expected {
  readonly verdict: string;
  readonly faults?: readonly string[];
  readonly beyond: readonly string[];
  /** By the beginning of a segment, the loop in which it stands. */
  readonly placed?: Readonly<Record<string, string>>;
}

const checkedFolders = ["linuxforhealth-x12", "moov-x12", "edi-net"] as const;

/**
 * Every element of every transaction set that the grammar knows, by SNIP levels 1 and 2. imsweb's files: accepted or refused, and at fault where their name
 * says it. Of others, no fault but those that verdicts/x12.json names with their rule.
 */
export const corpora: readonly Corpus[] = [
  { name: "x12/imsweb-x12-parser:verdicts", cases: () => Object.keys(imsweb.files), check: (name) => named(name, (imsweb.files as Readonly<Record<string, Expected>>)[name] as Expected) },
  ...checkedFolders.map((folder): Corpus => ({
    name: `x12/${folder}:faults`,
    cases: () => filesIn(`x12/${folder}`, /./).filter((file) => isKnown(textOf(folder, file))),
    check: (name) => placed(folder, name),
  })),
];

function textOf(folder: string, file: string): string {
  return bytesOf(`x12/${folder}`, file).toString("utf8");
}

/** Whether the grammar has the transaction set. */
function isKnown(text: string): boolean {
  try {
    return faults(text).every(({ code }) => code !== "X12-219");
  } catch {
    return false;
  }
}

function faults(text: string): readonly X12Fault[] {
  return faultsOf(readTree("x12", text) as X12Message, transactionFor);
}

/** Each fault once, as `X12-231 2300 CLM05-1`: code, loop and place. */
function statements(text: string): readonly string[] {
  const { lines } = (readTree("x12", text) as X12Message).body;
  return [...new Set(faults(text).flatMap((fault) => (fault.harmless ? [] : [statement(fault, lines)])))];
}

function statement(fault: X12Fault, lines: readonly X12Line[]): string {
  const element = "element" in fault && fault.element !== undefined ? String(fault.element).padStart(2, "0") : "";
  const component = fault.level === "element" && fault.component > 0 ? `-${fault.component}` : "";
  const segment = "segment" in fault ? fault.segment : idOf(lines[fault.at] as X12Line);
  const loop = "loop" in fault ? `${fault.loop} ` : "";
  return `${fault.code} ${loop}${segment}${element}${component}`;
}

function named(name: string, expected: Expected): Verdict {
  const text = textOf("imsweb-x12-parser", name);
  const all = tried(text);
  const own = all.filter((each) => !expected.beyond.includes(each));
  const isJudged = (each: string) => imsweb.judged.includes(each.slice(0, 7)) && !/-\d+$/.test(each.slice(8));
  const judged = all.filter(isJudged);
  const figures = {
    verdicts_equal: Number((judged.length > 0) === (expected.verdict === "reject")),
    faults_named: expected.faults?.length ?? 0,
    faults_found: (expected.faults ?? []).filter((each) => judged.includes(each)).length,
    faults_beyond_the_name: all.length - judged.length,
  };
  const differs = [
    ...(expected.faults ?? []).filter((each) => !own.includes(each)).map((each) => `lacks ${each}`),
    ...own.filter((each) => !(expected.faults ?? []).includes(each)).map((each) => `+ ${each}`),
    ...expected.beyond.filter((each) => !all.includes(each)).map((each) => `no longer ${each}`),
    ...Object.entries(expected.placed ?? {}).flatMap(([segment, loop]) => (loopOf(text, segment) === loop ? [] : [`${segment} not in ${loop}`])),
  ];
  return differs.length === 0 ? { ok: true, figures } : { ok: false, differs: differs.join("; "), figures };
}

function tried(text: string): readonly string[] {
  try {
    return statements(text);
  } catch (error) {
    return [codeOf(error, "X12-001")];
  }
}

function loopOf(text: string, segment: string): string | undefined {
  const { body, outline } = readTree("x12", text) as X12Message;
  const at = body.lines.findIndex((line) => `${idOf(line)}*${elementOf(line, 1)}` === segment);
  return outline.at[at]?.id;
}

function placed(folder: (typeof checkedFolders)[number], name: string): Verdict {
  const known = (ours[folder] as Readonly<Record<string, { readonly faults: readonly string[] }>>)[name]?.faults ?? [];
  const found = statements(textOf(folder, name));
  const differs = [...known.filter((each) => !found.includes(each)).map((each) => `lacks ${each}`), ...found.filter((each) => !known.includes(each)).map((each) => `+ ${each}`)];
  const figures = { without_fault: Number(found.length === 0), faults: found.length };
  return differs.length === 0 ? { ok: true, figures } : { ok: false, differs: differs.join("; "), figures };
}
