import { hash } from "node:crypto";

/** Slots of the exact set; four in ten are used at most, so that a look ends soon. */
const slots = 1 << 19;
const bloomWords = 1 << 17;

/**
 * Up to `capacity` texts, kept as keyed digests (SHA-256 under a key of this process, 64 bits of it). A blocked Bloom filter of about 20 bits a text under a
 * keyed hash of its own stands before it, so that most questions cost no digest. 4.5 MB, whatever is in it; nobody can read it back.
 */
export class KeyedSet {
  static readonly capacity = 200_000;
  readonly #key: string;
  readonly #seed: number;
  readonly #bloom = new Uint32Array(bloomWords);
  readonly #table = new Uint32Array(slots * 2);
  size = 0;

  constructor(key: string) {
    this.#key = key;
    this.#seed = Number.parseInt(hash("sha256", `${key}seed`).slice(0, 8), 16);
  }

  /** What `has` and `add` take as `quick`: the same for the sets of one key. */
  quick(text: string): number {
    let h = this.#seed;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    return (h ^ (h >>> 12)) >>> 0;
  }

  add(text: string): void {
    const [high, low] = this.#digest(text);
    const at = this.#find(high, low);
    if (this.#table[at] !== 0 || this.#table[at + 1] !== 0) return;
    this.#table[at] = high;
    this.#table[at + 1] = low;
    this.size++;
    const quick = this.quick(text);
    const block = blockOf(quick);
    for (let k = 0; k < 4; k++) this.#mark(block, quick, k);
  }

  has(text: string): boolean {
    const quick = this.quick(text);
    const block = blockOf(quick);
    for (let k = 0; k < 4; k++) {
      const bit = bitOf(quick, k);
      if (((this.#bloom[block + (bit >> 5)] as number) & (1 << (bit & 31))) === 0) return false;
    }
    const [high, low] = this.#digest(text);
    const at = this.#find(high, low);
    return this.#table[at] === high && this.#table[at + 1] === low;
  }

  #mark(block: number, quick: number, k: number): void {
    const bit = bitOf(quick, k);
    this.#bloom[block + (bit >> 5)] = (this.#bloom[block + (bit >> 5)] as number) | (1 << (bit & 31));
  }

  /** Zero twice stands for nothing. */
  #digest(text: string): readonly [number, number] {
    const digest = hash("sha256", `${this.#key}${text}${this.#key}`, "buffer");
    return [(digest.readUInt32BE(0) | 1) >>> 0, digest.readUInt32BE(4)];
  }

  #find(high: number, low: number): number {
    for (let slot = low % slots; ; slot = (slot + 1) % slots) {
      const at = slot * 2;
      const there = this.#table[at];
      if ((there === 0 && this.#table[at + 1] === 0) || (there === high && this.#table[at + 1] === low)) return at;
    }
  }
}

/** Sixteen words, 64 bytes: one line of the cache. */
function blockOf(quick: number): number {
  return (quick % (bloomWords / 16)) * 16;
}

function bitOf(quick: number, k: number): number {
  return (Math.imul(quick, 0x9e3779b1 + k * 2 * 0x5bd1e995) >>> 23) & 511;
}
