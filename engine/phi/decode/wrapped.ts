/** Lines of a block are multiples of four signs. */
const shortest = 8;

/** Words of one length with white space between them, as a header makes of the lines of a block of base64 (RFC 2045, 6.8); the last may be shorter. */
export class Wrapped {
  /** The first word of what may become a block; no more is kept of it until another follows. */
  #from = 0;
  #size = 0;
  #words: string[] = [];
  #end = -1;

  /** Whether a word of this length may begin a block, go on with one or end it; of others nothing is kept. */
  takes(length: number): boolean {
    return this.#size > 0 || (length >= shortest && length % 4 === 0);
  }

  /** The word of `text` from `start` to `end`; gives the block that it ended. */
  add(text: string, start: number, end: number): readonly string[] {
    const length = end - start;
    const size = this.#size;
    const follows = size > 0 && start - this.#end <= 4 && isWhite(text, this.#end, start);
    this.#end = end;
    if (follows && length <= size) {
      if (this.#words.length === 0) this.#words.push(text.slice(this.#from, this.#from + size));
      this.#words.push(text.slice(start, end));
      if (length === size) return nothing;
    }
    const block = this.end();
    if ((!follows || length > size) && length >= shortest && length % 4 === 0) {
      this.#from = start;
      this.#size = length;
    }
    return block;
  }

  /** What is open at the end of the text. */
  end(): readonly string[] {
    this.#size = 0;
    const words = this.#words;
    if (words.length === 0) return nothing;
    this.#words = [];
    return [words.join("")];
  }
}

const nothing: readonly string[] = [];

function isWhite(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) > 32) return false;
  return true;
}
