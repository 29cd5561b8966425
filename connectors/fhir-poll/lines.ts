/** Cuts a stream into lines, whatever pieces it comes in. A line longer than `limit` bytes is refused by `onLong`. */
export class Lines {
  readonly #limit: number;
  readonly #onLong: () => Error;
  #rest: Uint8Array = new Uint8Array();

  constructor(limit: number, onLong: () => Error) {
    this.#limit = limit;
    this.#onLong = onLong;
  }

  *push(piece: Uint8Array): Generator<Uint8Array> {
    let from = 0;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
      yield* this.#whole(this.#joined(piece.subarray(from, at)));
      this.#rest = new Uint8Array();
      from = at + 1;
    }
    this.#rest = this.#joined(piece.subarray(from));
  }

  *end(): Generator<Uint8Array> {
    yield* this.#whole(this.#rest);
    this.#rest = new Uint8Array();
  }

  #joined(more: Uint8Array): Uint8Array {
    if (this.#rest.length + more.length > this.#limit) throw this.#onLong();
    if (this.#rest.length === 0) return more.slice();
    const both = new Uint8Array(this.#rest.length + more.length);
    both.set(this.#rest);
    both.set(more, this.#rest.length);
    return both;
  }

  *#whole(line: Uint8Array): Generator<Uint8Array> {
    const end = line.at(-1) === 13 ? line.length - 1 : line.length;
    if (line.subarray(0, end).some((byte) => byte !== 32 && byte !== 9)) yield line.subarray(0, end);
  }
}
