import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Block, blocksOf } from "./blocks.ts";
import { missingLine } from "./expected.ts";
import { Terminal } from "./terminal.ts";

/** What went otherwise than a page says. */
export interface Astray {
  /** Line of the block in the page. */
  readonly line: number;
  readonly what: string;
  readonly output: string;
}

/**
 * Does what a page says, word for word, in a folder:
 *
 * - a block with a path (` ```yaml clinic/ward.yaml `) is written to that file;
 * - ` ```sh ` is typed, and must end well (` ```sh fails `: must not);
 * - ` ```sh again ` is typed again for a while until it shows its lines, as a person looks again at what is still under way;
 * - ` ```sh stays ` is started and goes on running, as in another window, and the block after it shows when it is ready;
 * - ` ```text ` after either shows lines that must come, in that order.
 *
 * - a comment `<!-- ends 1 -->` ends what stays in the first window, as the page tells in words.
 *
 * Other blocks are for the eye. Stops at the first that goes astray.
 */
export async function follow(markdown: string, folder: string, env: Readonly<Record<string, string | undefined>>, told?: (block: Block, output: string) => void): Promise<Astray | undefined> {
  const blocks = blocksOf(markdown);
  const terminal = await Terminal.open(folder, env);
  try {
    for (const [index, block] of blocks.entries()) {
      const next = blocks[index + 1];
      const shown = next?.language === "text" ? next.text : "";
      const [word] = block.words;
      if (block.language === "ends") {
        const ended = await terminal.end(Number(word));
        if (ended.code !== 0) return { line: block.line, what: "does not end", output: ended.output };
        continue;
      }
      if (block.language !== "sh") {
        if (word !== undefined && block.language !== "text") write(folder, word, block.text);
        continue;
      }
      const holds = (output: string) => missingLine(output, shown) === undefined;
      let ran = word === "stays" ? await terminal.start(block.text, holds) : await terminal.run(block.text);
      for (let more = 30; word === "again" && more > 0 && !(ran.code === 0 && holds(ran.output)); more--) {
        await pause(500);
        ran = await terminal.run(block.text);
      }
      told?.(block, ran.output);
      const failed = ran.code !== 0;
      if (failed !== (word === "fails")) return { line: block.line, what: `ended with ${ran.code}`, output: ran.output };
      const missing = missingLine(ran.output, shown);
      if (missing !== undefined) return { line: block.line, what: `does not show: ${missing}`, output: ran.output };
    }
    return undefined;
  } finally {
    await terminal.close();
  }
}

function write(folder: string, path: string, text: string): void {
  const target = resolve(folder, path);
  if (!target.startsWith(join(folder, "/"))) throw new RangeError("a page writes outside its folder");
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
