import { EngineError } from "../sdk/error.ts";
import type { Leaf, Tree } from "./tree.ts";

/** Text that the engine does not read by structure: one leaf. */
export class TextTree implements Tree {
  readonly type = "";
  #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  values(path: string): readonly string[] {
    return path === "text" && this.#text !== "" ? [this.#text] : [];
  }

  *leaves(): Generator<Leaf> {
    if (this.#text !== "") yield { path: "text", value: this.#text, start: 0, end: this.#text.length };
  }

  /** Replaces the whole text; its one path is `text`. */
  set(path: string, value: string): this {
    if (path !== "text") throw new EngineError("TXT-101");
    this.#text = value;
    return this;
  }

  toString(): string {
    return this.#text;
  }
}
