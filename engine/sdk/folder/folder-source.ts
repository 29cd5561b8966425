import type { Source } from "../connector.ts";
import type { SourceContext } from "../context.ts";
import { type Code, codeOf } from "../error.ts";
import type { Disposal, FoundFile, Inbox } from "../files.ts";
import { durationMs } from "../options.ts";
import type { Timer } from "../ports.ts";
import { nameMatcher } from "./name-matcher.ts";
import { Steadiness } from "./steadiness.ts";
import { Recall } from "./recall.ts";
import { take } from "./take.ts";

/** How a folder is emptied; `verifyFolders`, `takenFiles`, `takenPieces` and `after` declare them. */
export interface FolderOptions {
  readonly pattern: string;
  readonly poll: string;
  readonly age: string;
  readonly order: "name" | "age";
  readonly after: Disposal;
  readonly maxBytes: string;
  readonly inFlight: number;
  readonly duplicates: "take" | "skip";
}

/** Empties a folder, one file after another: each leaves it when every message of it is on disk here. `open` gives the folder, again where it was replaced. */
export function folderSource(options: FolderOptions, open: (ctx: SourceContext) => Promise<Inbox>): Source {
  const pollMs = durationMs(options.poll);
  const wanted = nameMatcher(options.pattern);
  let running: { stop(): Promise<void> } | undefined;

  return {
    async start(ctx) {
      running = run(ctx, await open(ctx));
    },
    async stop() {
      await running?.stop();
      running = undefined;
    },
  };

  function run(ctx: SourceContext, opened: Inbox): { stop(): Promise<void> } {
    const steadiness = new Steadiness(durationMs(options.age));
    const report = reporter(ctx);
    const recall = new Recall(ctx);
    let inbox = opened;
    let timer: Timer | undefined;
    let isStopped = false;
    let round = Promise.resolve();
    const next = () => {
      round = look().then(() => {
        if (!isStopped) timer = ctx.clock.after(pollMs, next);
      });
    };
    next();
    return {
      stop: async () => {
        isStopped = true;
        timer?.cancel();
        await round;
        await inbox.close();
      },
    };

    async function look(): Promise<void> {
      try {
        const { files, skipped } = await inbox.list(wanted);
        report("FIL-107", skipped);
        recall.begin(files);
        for (const file of ready(files)) {
          if (isStopped || ctx.signal.aborted) return;
          const outcome = await take(file, inbox, options, ctx, recall);
          if (outcome === "waiting") return;
          if (outcome === "later" && options.order === "name") return;
        }
        report("FIL-108", 0);
      } catch (error) {
        report("FIL-108", 1, codeOf(error, "FIL-108"));
        if (codeOf(error, "FIL-108") === "DIR-101") await reopen();
      }
    }

    /** By name, a file that is not ready holds up those behind it; by age, it is the youngest anyway. */
    function ready(files: readonly FoundFile[]): readonly FoundFile[] {
      const sorted = files.toSorted(options.order === "name" ? byName : byAge);
      const steady = steadiness.of(files, ctx.clock.monotonic());
      if (options.order === "age") return sorted.filter(({ name }) => steady.has(name));
      const first = sorted.findIndex(({ name }) => !steady.has(name));
      return first === -1 ? sorted : sorted.slice(0, first);
    }

    /** The folder was replaced (a share mounted anew). */
    async function reopen(): Promise<void> {
      const again = await open(ctx).catch(() => undefined);
      if (!again) return;
      await inbox.close();
      inbox = again;
    }
  }
}

/** What lasts is said when it begins or changes, not at each look. */
function reporter(ctx: SourceContext): (code: Code, count: number, detail?: Code) => void {
  const said = new Map<Code, string>();
  return (code, count, detail = code) => {
    const now = count === 0 ? "" : `${detail} ${count}`;
    if ((said.get(code) ?? "") === now) return;
    said.set(code, now);
    if (count === 0) return;
    if (detail !== code) ctx.problem(detail);
    ctx.problem(code, { count });
  };
}

function byName(a: FoundFile, b: FoundFile): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function byAge(a: FoundFile, b: FoundFile): number {
  return a.changedAt - b.changedAt || byName(a, b);
}
