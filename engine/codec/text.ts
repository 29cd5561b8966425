import type { Leaf, Tree } from "./tree.ts";

/** Text that the engine does not read by structure: one leaf. */
export class TextTree implements Tree {
  readonly type = "";
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  values(path: string): readonly string[] {
    return path === "text" && this.#text !== "" ? [this.#text] : [];
  }

  *leaves(): Generator<Leaf> {
    if (this.#text !== "") yield { path: "text", value: this.#text, start: 0, end: this.#text.length };
  }

  toString(): string {
    return this.#text;
  }
}
