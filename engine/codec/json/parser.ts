import { EngineError, type Code } from "../../sdk/error.ts";
import { defaultLimits, type JsonLimits } from "./limits.ts";
import type { Node, ScalarNode } from "./node.ts";

/** Reads strict JSON (RFC 8259) into placed nodes. Refuses what readers disagree about: repeated keys, half surrogates. */
export function parseNodes(text: string, limits: JsonLimits = {}): Node {
  return new Parser(text, { ...defaultLimits, ...limits }).document();
}

class Parser {
  readonly #text: string;
  readonly #limits: Required<JsonLimits>;
  #at = 0;
  #depth = 0;

  constructor(text: string, limits: Required<JsonLimits>) {
    this.#text = text;
    this.#limits = limits;
  }

  document(): Node {
    if (this.#text.length > this.#limits.length) throw new EngineError("JSN-007", { limit: this.#limits.length });
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    this.#space();
    const node = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail("JSN-001");
    return node;
  }

  #value(): Node {
    switch (this.#text.charCodeAt(this.#at)) {
      case 123:
        return this.#object();
      case 91:
        return this.#array();
      case 34:
        return this.#string();
      case 116:
        return this.#word("true", "boolean");
      case 102:
        return this.#word("false", "boolean");
      case 110:
        return this.#word("null", "null");
      default:
        return this.#number();
    }
  }

  #object(): Node {
    const start = this.#open();
    const members = new Map<string, Node>();
    if (!this.#skip(125)) {
      do {
        this.#space();
        const keyAt = this.#at;
        if (this.#text.charCodeAt(keyAt) !== 34) this.#fail("JSN-001");
        const key = this.#string().text;
        if (key === "__proto__" || key === "constructor" || key === "prototype") this.#fail("JSN-003", keyAt);
        if (members.has(key)) this.#fail("JSN-002", keyAt);
        if (members.size >= this.#limits.keys) this.#fail("JSN-005", keyAt);
        if (!this.#skip(58)) this.#fail("JSN-001");
        this.#space();
        members.set(key, this.#value());
      } while (this.#skip(44));
      if (!this.#skip(125)) this.#fail("JSN-001");
    }
    this.#depth--;
    return { kind: "object", start, end: this.#at, members };
  }

  #array(): Node {
    const start = this.#open();
    const items: Node[] = [];
    if (!this.#skip(93)) {
      do {
        this.#space();
        if (items.length >= this.#limits.items) this.#fail("JSN-006");
        items.push(this.#value());
      } while (this.#skip(44));
      if (!this.#skip(93)) this.#fail("JSN-001");
    }
    this.#depth--;
    return { kind: "array", start, end: this.#at, items };
  }

  #open(): number {
    if (++this.#depth > this.#limits.depth) this.#fail("JSN-004");
    return this.#at++;
  }

  /** Steps over white space and then over the character, if it is there. */
  #skip(code: number): boolean {
    this.#space();
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }

  #word(word: string, kind: "boolean" | "null"): ScalarNode {
    const start = this.#at;
    if (!this.#text.startsWith(word, start)) this.#fail("JSN-001");
    this.#at += word.length;
    return { kind, start, end: this.#at, text: word };
  }

  #number(): ScalarNode {
    const start = this.#at;
    if (this.#code() === 45) this.#at++;
    if (this.#code() === 48) this.#at++;
    else this.#digits();
    if (this.#code() === 46) {
      this.#at++;
      this.#digits();
    }
    if (this.#code() === 101 || this.#code() === 69) {
      this.#at++;
      if (this.#code() === 43 || this.#code() === 45) this.#at++;
      this.#digits();
    }
    return { kind: "number", start, end: this.#at, text: this.#text.slice(start, this.#at) };
  }

  #digits(): void {
    const start = this.#at;
    while (this.#code() >= 48 && this.#code() <= 57) this.#at++;
    if (this.#at === start) this.#fail("JSN-001");
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #string(): ScalarNode {
    const text = this.#text;
    const start = this.#at++;
    let out = "";
    let done = this.#at;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === 34) break;
      // Control characters and the end of the text, whose code is NaN.
      if (!(code >= 32)) this.#fail("JSN-001");
      if (code === 92) {
        out += text.slice(done, this.#at) + this.#escape();
        done = this.#at;
      } else this.#at++;
    }
    const value = out === "" ? text.slice(done, this.#at) : out + text.slice(done, this.#at);
    this.#at++;
    if (!value.isWellFormed()) this.#fail("JSN-009", start);
    return { kind: "string", start, end: this.#at, text: value };
  }

  #escape(): string {
    const at = this.#at;
    const name = this.#text.charAt(at + 1);
    if (name === "u") {
      const hex = this.#text.slice(at + 2, at + 6);
      if (!/^[0-9A-Fa-f]{4}$/.test(hex)) this.#fail("JSN-001");
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const i = name === "" ? -1 : '"\\/bfnrt'.indexOf(name);
    if (i < 0) this.#fail("JSN-001");
    this.#at += 2;
    return '"\\/\b\f\n\r\t'.charAt(i);
  }

  #fail(code: Code, at = this.#at): never {
    throw new EngineError(code, position(this.#text, at));
  }
}

/** Line and column, counted from 1. */
export function position(text: string, at: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let i = text.indexOf("\n"); i >= 0 && i < at; i = text.indexOf("\n", i + 1)) {
    line++;
    start = i + 1;
  }
  return { line, column: at - start + 1 };
}
