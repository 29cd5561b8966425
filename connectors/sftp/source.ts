import { folderSource, type Source } from "../../engine/sdk/index.ts";
import type { SourceOptions } from "./options.ts";
import { RemoteInbox } from "./remote-inbox.ts";

/** Empties a folder of an SFTP server, one file after another. */
export function sftpSource(options: SourceOptions): Source {
  return folderSource(options, async (ctx) => new RemoteInbox(ctx, options));
}
