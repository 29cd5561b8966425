import type { Entry } from "./entries.ts";

/** Whether the recipient got it. `assumed`: nobody knows, so it counts as disclosed. */
export type Reach = "disclosed" | "assumed" | "not";

/** One intent with what became of it, or an answer to a source. */
export interface Disclosure {
  readonly intent: Entry;
  readonly outcome?: Entry;
  readonly reach: Reach;
  /** Under which agreement it went in the end. */
  readonly agreement?: string;
  readonly basis?: string;
  readonly purpose?: string;
  readonly breakGlass?: string;
}

/**
 * Puts intents and outcomes together as they are read. What was never closed is assumed to have arrived; so is what ended after an attempt that the
 * partner did not answer, and what was open when the engine started again: its bytes may have left just before. A rejection is a disclosure: the
 * partner has read what it rejects.
 */
export class Pairing {
  readonly #open = new Map<number, Entry>();
  #started = 0;

  /** The disclosure that this entry completes; `undefined` while it is open, or for what is none. */
  take(entry: Entry): Disclosure | undefined {
    switch (entry.kind) {
      case "intent":
        this.#open.set(entry.n, entry);
        return undefined;
      case "started":
        this.#started = entry.n;
        return undefined;
      case "answer":
        return of(entry, undefined, "disclosed");
      case "ask":
        // A question that can hold nothing about anybody discloses nothing.
        return entry.level === "none" ? undefined : of(entry, undefined, "disclosed");
      case "outcome":
      case "withheld": {
        const intent = entry.of === undefined ? undefined : this.#open.get(entry.of);
        // Of a ledger that was lost, the number may be that of another line here.
        if (intent === undefined || intent.message !== entry.message || intent.lane !== entry.lane) return undefined;
        this.#open.delete(intent.n);
        return of(intent, entry, reachOf(entry, intent.n < this.#started));
      }
      default:
        return undefined;
    }
  }

  /** Intents that nothing closed. */
  rest(): readonly Disclosure[] {
    return [...this.#open.values()].map((intent) => of(intent, undefined, "assumed"));
  }
}

function reachOf({ state, attempts }: Entry, mayHaveLeft: boolean): Reach {
  if (state === "delivered" || state === "rejected") return "disclosed";
  return mayHaveLeft || (attempts ?? 0) > 0 ? "assumed" : "not";
}

function of(intent: Entry, outcome: Entry | undefined, reach: Reach): Disclosure {
  const said = outcome?.agreement === undefined && outcome?.breakGlass === undefined ? intent : outcome;
  const { agreement, basis, purpose, breakGlass } = said;
  return {
    intent, reach, ...(outcome && { outcome }), ...(agreement !== undefined && { agreement }), ...(basis !== undefined && { basis }), ...(purpose !== undefined && { purpose }),
    ...(breakGlass !== undefined && { breakGlass }),
  };
}
