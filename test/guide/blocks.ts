/** A fenced block of a page: the words after the fence, and what stands inside. */
export interface Block {
  readonly language: string;
  /** Words after the language: a file to write, or how to run. */
  readonly words: readonly string[];
  readonly text: string;
  /** Line of the fence, counted from 1. */
  readonly line: number;
}

/**
 * The fenced blocks of a page of Markdown, in order. A fence that never closes throws. A comment `<!-- ends 1 -->` is a block of the language
 * `ends`: where a person is told to end what runs in the first window.
 */
export function blocksOf(markdown: string): Block[] {
  const found: Block[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, window] = /^<!-- ends (\d+) -->$/.exec(lines[at] ?? "") ?? [];
    if (window !== undefined) found.push({ language: "ends", words: [window], text: "", line: at + 1 });
    const [, indent = "", info] = /^( *)```(.*)$/.exec(lines[at] ?? "") ?? [];
    if (info === undefined) continue;
    const end = lines.findIndex((line, i) => i > at && line.trim() === "```");
    if (end < 0) throw new RangeError(`the block at line ${at + 1} never closes`);
    const [language = "", ...words] = info.trim().split(/\s+/);
    const body = lines.slice(at + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    found.push({ language, words, text: body.length === 0 ? "" : `${body.join("\n")}\n`, line: at + 1 });
    at = end;
  }
  return found;
}
