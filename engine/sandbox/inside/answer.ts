import { formats } from "../../sdk/content.ts";
import type { Outcome, Result } from "./pipeline.ts";

/**
 * A result as one string: a head of `;`-separated outcomes, `|` and the lengths of the log lines, where keys were missed `|` and how many by table, a line feed, then the
 * texts one after the other. A text that stood before, or that is the input itself, is not repeated.
 */
export function answerOf({ outcomes, journal }: Result, input: string): string {
  const texts: string[] = [];
  const head = outcomes.map((outcome) => headOf(outcome, input, texts)).join(";");
  return `${head}|${journal.lines.map((line) => line.length).join(",")}${journal.misses.length > 0 ? `|${journal.misses.join(",")}` : ""}\n${texts.join("")}${journal.lines.join("")}`;
}

function headOf(outcome: Outcome, input: string, texts: string[]): string {
  if (outcome.kind === "filtered") return outcome.by === "channel" ? "c" : "d";
  if (outcome.kind === "failed") return `e${outcome.number},${outcome.index},${outcome.line},${outcome.column}`;
  const { format, text } = outcome.written;
  const number = formats.indexOf(format);
  if (text === input) return `u${number}`;
  const earlier = texts.indexOf(text);
  if (earlier >= 0) return `s${number},${earlier}`;
  texts.push(text);
  return `o${number},${text.length}`;
}
