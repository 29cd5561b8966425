import type { SourceContext } from "../context.ts";
import type { Code } from "../error.ts";
import type { Disposal, FoundFile, Inbox, InboxFile } from "../files.ts";
import { sizeBytes } from "../options.ts";
import type { Cut } from "../splitter.ts";
import type { FolderOptions } from "./folder-source.ts";
import { Changed, isOfContent, splitPieces, wholePiece } from "./pieces.ts";
import { Pipeline } from "./pipeline.ts";
import type { Standing } from "./position.ts";
import type { Recall } from "./recall.ts";

/** `done`: go on with the next. `later`: leave it, it is being written. `waiting`: nothing behind it may be taken before it. */
export type Taken = "done" | "later" | "waiting";

const bytesInFlight = 1024 * 1024;

/** Takes one file whole: every message of it on disk here, then the file out of the folder. */
export async function take(found: FoundFile, inbox: Inbox, options: FolderOptions, ctx: SourceContext, recall: Recall): Promise<Taken> {
  const file = await inbox.open(found);
  if (!file) return "later";
  const finish = async (how: Disposal, code?: Code, counts?: Readonly<Record<string, number>>): Promise<Taken> => {
    if (code) ctx.problem(code, counts);
    await file.dispose(how);
    await recall.leaves(found, how === "error");
    return "done";
  };
  try {
    const at = await recall.standing(found);
    if (at.kind === "whole" && at.refused === 0) {
      const isOfBefore = recall.isOfBefore(found);
      await finish(options.after);
      if (isOfBefore) ctx.problem("FIL-109");
      return "done";
    }
    recall.takes(found);
    if (at.kind === "torn") return await finish("error", "FIL-105", { offset: at.offset });
    if (found.size === 0) return await finish(options.after, "FIL-101");
    if (!ctx.split && found.size > sizeBytes(options.maxBytes)) return await finish("error", "FIL-102", { bytes: found.size });
    return await handOver(file, at, options, ctx, finish);
  } finally {
    await file.close();
  }
}

async function handOver(
  file: InboxFile,
  at: Standing,
  options: FolderOptions,
  ctx: SourceContext,
  finish: (how: Disposal, code?: Code, counts?: Readonly<Record<string, number>>) => Promise<Taken>,
): Promise<Taken> {
  const maxBytes = sizeBytes(options.maxBytes);
  const pipeline = new Pipeline(ctx, file.found, at.refused, { inFlight: options.inFlight, bytesInFlight, maxBytes, skipsDuplicates: options.duplicates === "skip" });
  let fault: unknown;
  let isStopped = false;
  if (at.kind !== "whole") {
    try {
      for await (const piece of piecesOf(file, at.offset, maxBytes, ctx)) {
        isStopped = !(await pipeline.push(piece));
        if (isStopped) break;
      }
    } catch (error) {
      fault = error;
    }
  }
  // What was begun is ended first: its receipts decide what the checkpoint says.
  if (!(await pipeline.finish()) || isStopped) return "waiting";
  const { taken, refused } = pipeline;
  if (fault instanceof Changed) {
    return at.offset + taken + refused === 0 ? "later" : finish("error", "FIL-105", { taken, refused });
  }
  if (isOfContent(fault)) return finish("error", "FIL-104", { taken, refused });
  if (fault !== undefined) throw fault;
  if (refused === 0) return finish(options.after);
  return ctx.split ? finish("error", "FIL-106", { refused }) : finish("error", "FIL-103");
}

function piecesOf(file: InboxFile, from: number, maxBytes: number, ctx: SourceContext): AsyncGenerator<Cut> {
  if (!ctx.split) return wholePiece(file);
  return splitPieces(file, ctx.split({ from, limit: maxBytes }), ({ code, offset, line, has, says }) =>
    ctx.problem(code, { offset, line, ...(has === undefined || says === undefined ? {} : { has, says }) }));
}

