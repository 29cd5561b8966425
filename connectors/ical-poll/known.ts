import type { SourceMemory } from "../../engine/sdk/index.ts";

/** What is known of one calendar. Times are ms since 1970. */
export interface KnownCalendar {
  readonly etag?: string;
  readonly modified?: string;
  /** When something in it changed last, or it was seen first. */
  readonly changedAt: number;
  /** When it was told last that nothing changes. */
  readonly toldAt?: number;
  /** It came empty once; a second time it is. */
  readonly wasEmpty?: boolean;
}

/** What is known of one event. `count` grows with each version, so that one that comes back is another message. */
export interface KnownEvent {
  readonly count: number;
  readonly version: string;
  readonly endsAt?: number;
  readonly text: string;
}

/** No event has this name: names are made opaque. */
const about = "calendar";

/** The last good state of one calendar. */
export class Known {
  readonly #memory: SourceMemory;
  readonly #of: string;

  constructor(memory: SourceMemory, of: string) {
    this.#memory = memory;
    this.#of = of;
  }

  get calendar(): KnownCalendar | undefined {
    return this.#read<KnownCalendar>(about);
  }

  set calendar(value: KnownCalendar) {
    this.#write(about, value);
  }

  get names(): readonly string[] {
    return this.#memory.names(this.#of).filter((name) => name !== about);
  }

  event(name: string): KnownEvent | undefined {
    return this.#read<KnownEvent>(name);
  }

  keep(name: string, event: KnownEvent): void {
    this.#write(name, event);
  }

  forget(name: string): void {
    this.#memory.write(this.#of, name, undefined);
  }

  #read<T>(name: string): T | undefined {
    const bytes = this.#memory.read(this.#of, name);
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
  }

  #write(name: string, value: object): void {
    this.#memory.write(this.#of, name, new TextEncoder().encode(JSON.stringify(value)));
  }
}
