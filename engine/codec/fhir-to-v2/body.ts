import type { Content } from "./tables.ts";
import type { Writing } from "./writing.ts";

/** Segments and groups of a message before they are put in order. */
export class Body {
  readonly #segments = new Map<string, string[]>();
  readonly #groups = new Map<string, Body[]>();

  #results = 0;

  /** OBX-1 of the next result in it, from 1. */
  nextResult(): string {
    return String(++this.#results);
  }

  /** Nothing is added for a segment that came to nothing. */
  add(text: string | undefined): this {
    if (text === undefined) return this;
    const name = text.slice(0, 3);
    const known = this.#segments.get(name);
    if (known) known.push(text);
    else this.#segments.set(name, [text]);
    return this;
  }

  count(name: string): number {
    return this.#segments.get(name)?.length ?? 0;
  }

  group(name: string): Body {
    const body = new Body();
    const known = this.#groups.get(name);
    if (known) known.push(body);
    else this.#groups.set(name, [body]);
    return body;
  }

  /** The segments in the order of the message. What its version has no place for is told. */
  lines(w: Writing, content: readonly Content[]): string[] {
    const placed = new Set<string>();
    const out = content.flatMap((each): string[] => {
      if (typeof each === "string") {
        if (placed.has(each)) return [];
        placed.add(each);
        return this.#segments.get(each) ?? [];
      }
      const name = each[0];
      const inner = each.slice(1);
      placed.add(name);
      return (this.#groups.get(name) ?? []).flatMap((body) => body.lines(w, inner));
    });
    for (const [name, segments] of this.#segments) if (!placed.has(name) && segments.length > 0) w.tell("MAP-306", name);
    for (const [name, bodies] of this.#groups) if (!placed.has(name)) for (const body of bodies) for (const segment of body.#segments.keys()) w.tell("MAP-306", `${name}.${segment}`);
    return out;
  }
}
