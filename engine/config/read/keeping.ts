import type { Channel, Keeping, Settings } from "../project.ts";
import { choice, map, milliseconds, optional } from "./tolerant.ts";

/** `keep:` as it is written; a clock that is not stated is absent. */
export function readKeeping(written: unknown): Keeping | undefined {
  if (written === undefined) return undefined;
  const value = map(written);
  const clock = (text: unknown) => (text === undefined ? undefined : milliseconds(text));
  return {
    ...optional("storage", value.storage === undefined ? undefined : choice(value.storage, ["all", "raw", "metadata"], "all")),
    ...optional("contentsMs", clock(value.contents)),
    ...optional("metadataMs", clock(value.metadata)),
  };
}

/** How long a channel's messages are kept: what the channel does not state is what the project states. */
export function keepingOf(channel: Pick<Channel, "keep">, settings: Pick<Settings, "keep">): Keeping {
  return { ...settings.keep, ...channel.keep };
}
