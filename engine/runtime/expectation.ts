import { isDeepStrictEqual } from "node:util";
import { decode } from "../codec/bytes/index.ts";
import { readTree } from "../codec/index.ts";
import type { Channel, TestExpectation, TestSpec } from "../config/project.ts";
import type { Content } from "../sdk/index.ts";
import type { TrialEnd, TrialResult } from "./trial.ts";

/** What differs between a test's expectations and what happened; empty when nothing does. Comparison understands the format. */
export function compare(spec: TestSpec, result: TrialResult, channel: Channel): string[] {
  return Object.entries(spec.expect).flatMap(([destination, expected]) => {
    const end = result.destinations.get(destination);
    const label = `${channel.name}/${destination}`;
    if (!end) return [`${label}: nothing happened in time`];
    return check(expected, end).map((problem) => `${label}: ${problem}`);
  });
}

function check(expected: TestExpectation, end: TrialEnd): string[] {
  switch (expected.kind) {
    case "filtered":
      return end.state === "filtered" ? [] : [`expected filtered, got ${described(end)}`];
    case "refused":
      return (end.state === "refused" || end.state === "held") && end.code === expected.code ? [] : [`expected refused ${expected.code}, got ${described(end)}`];
    case "sent":
      if (!wasSent(end) || !end.sent) return [`expected it sent, got ${described(end)}`];
      return isDeepStrictEqual(plain(end.sent), wanted(expected.content, end.sent)) ? [] : ["what was sent differs"];
    case "contains":
      if (!wasSent(end) || !end.sent) return [`expected it sent, got ${described(end)}`];
      return containing(expected.values, end.sent);
  }
}

/** Of an alert somebody was told, and the entry waits for them. */
function wasSent({ state, code }: TrialEnd): boolean {
  return state === "delivered" || (state === "held" && code === "CAS-110");
}

function described(end: TrialEnd): string {
  const why = end.reason === undefined ? "" : ` (${end.reason})`;
  return `${[end.state, end.code].filter(Boolean).join(" ")}${why}`;
}

/** JSON by meaning; other formats as text with line ends made the same. */
function plain(content: Content): unknown {
  const text = textOf(content);
  return content.format === "json" || content.format === "fhir" ? JSON.parse(text) : lines(text);
}

function wanted(value: unknown, sent: Content): unknown {
  if (sent.format !== "json" && sent.format !== "fhir") return typeof value === "string" ? lines(value) : value;
  return typeof value === "string" ? JSON.parse(value) : JSON.parse(JSON.stringify(value));
}

function containing(values: Readonly<Record<string, unknown>>, sent: Content): string[] {
  const tree = readTree(sent.format, textOf(sent));
  return Object.entries(values).flatMap(([path, value]) =>
    tree.values(path).includes(String(value)) ? [] : [`${path} does not hold what the test expects`],
  );
}

function textOf(content: Content): string {
  return decode(content.bytes, { format: content.format, charset: "utf-8" }).text;
}

function lines(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\n").trimEnd();
}
