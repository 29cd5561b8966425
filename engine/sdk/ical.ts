import type { Code } from "./error.ts";

/** One thing of a calendar feed: all components of one UID, a series with what overrides its instances, as a calendar of its own. */
export interface IcalItem {
  /** UID; of a component that has none, its text. It may be personal: `SourceContext.opaque` gives a name for it. */
  readonly key: string;
  /** A calendar with the feed's own properties, the time zones that the components name, and the components as they were written. */
  readonly bytes: Uint8Array;
  /** Hash of what the components say, hex. DTSTAMP, which many servers write anew at each answer, is no part of it. */
  readonly version: string;
  /** When the last of it is over, ms since 1970; absent: it recurs, or no time can be told. */
  readonly endsAt?: number;
  /** Why its time cannot be told for sure: a zone that nobody defines (ICS-302), or one that is defined otherwise than under its name (ICS-305). */
  readonly fault?: Code;
}

/** The engine's reader of iCalendar (RFC 5545). */
export interface IcalReader {
  /** A whole feed, cut into its items. `of`: whose it is, which each item then says as X-CALENDAR-OF. Throws EngineError `ICS-*` with the line where it cannot be read whole. */
  feed(bytes: Uint8Array, of: string): readonly IcalItem[];
  /** An item of a feed as its cancellation: METHOD:CANCEL, and STATUS:CANCELLED in each component (RFC 5546 3.2.5). */
  cancelled(item: Uint8Array): Uint8Array;
}
