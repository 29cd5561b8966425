import { folderSource, type InboxOptions, type Source } from "../../engine/sdk/index.ts";
import type { SourceOptions } from "./options.ts";

/** Empties a folder of this machine. */
export function fileSource(options: SourceOptions): Source {
  return folderSource(options, (ctx) => ctx.files.inbox(folders(options)));
}

function folders({ directory, moveTo, errorTo }: SourceOptions): InboxOptions {
  return { directory, errorTo, ...(moveTo === undefined ? {} : { moveTo }) };
}
