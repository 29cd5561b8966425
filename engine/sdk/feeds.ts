import type { ServerTls } from "./context.ts";
import type { SecretRef } from "./envelope.ts";

/**
 * Calendar feeds that the engine serves of what a destination has published (`SendContext.publish`), at the `feed:` endpoint of its partner. Who knows a feed's
 * address may fetch it: the address carries a MAC under `secret`.
 */
export interface ServedFeeds {
  readonly secret: SecretRef;
  /** Feeds by name, with the number of the address that is in force: another one revokes it. */
  readonly feeds: Readonly<Record<string, number>>;
  readonly tls?: ServerTls;
  /** What each busy time is called. */
  readonly summary: string;
  /** How long a time that is over stays in the feed, ms. */
  readonly keepMs: number;
  /** How often whoever reads it is told to come back, ms. */
  readonly refreshMs: number;
}

/** What a source remembers of its partner, apart from where it stands: sealed as contents are. */
export interface SourceMemory {
  /** Names of what is remembered under a heading. */
  names(heading: string): readonly string[];
  read(heading: string, name: string): Uint8Array | undefined;
  /** On disk when it returns; `undefined` forgets. Names are kept as they are: `SourceContext.opaque` makes one of what may be personal. Throws EngineError `ICL-122`. */
  write(heading: string, name: string, value: Uint8Array | undefined): void;
}
