/** Kinds of frames on the pipe between the engine and a worker. A frame is a u32 length, a u8 kind and its fields. */
export const kind = { init: 1, load: 2, unload: 3, run: 4, modules: 5, ready: 11, loaded: 12, results: 13 } as const;

/** What a worker says of one message, beside the text of its result. `unrun`: the channel ended badly before it, ask elsewhere. */
export const status = { done: 0, timeout: 1, memory: 2, threw: 3, unknown: 4, unrun: 5 } as const;

const utf8 = 0;
const utf16 = 1;

/** From this size on a frame has a buffer of its own. */
export const large = 1 << 20;

/** Writes one frame into a buffer that is kept and grown. */
export class FrameWriter {
  #buffer = Buffer.allocUnsafe(64 * 1024);
  #at = 0;

  start(frameKind: number): this {
    this.#at = 4;
    return this.u8(frameKind);
  }
  u8(value: number): this {
    this.#room(1);
    this.#buffer[this.#at++] = value;
    return this;
  }
  u32(value: number): this {
    this.#room(4);
    this.#at = this.#buffer.writeUInt32LE(value, this.#at);
    return this;
  }
  f64(value: number): this {
    this.#room(8);
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
    return this;
  }
  /** Lone surrogates do not survive UTF-8, so such a text goes as UTF-16. */
  text(value: string): this {
    const whole = value.isWellFormed();
    // Of a long text the very size: three bytes a character would be three times too many.
    this.#room(5 + (value.length < large ? value.length * 3 : whole ? Buffer.byteLength(value, "utf8") : value.length * 2));
    const length = whole
      ? this.#buffer.write(value, this.#at + 5, "utf8")
      : this.#buffer.write(value, this.#at + 5, "utf16le");
    this.#buffer.writeUInt32LE(length, this.#at);
    this.#buffer[this.#at + 4] = whole ? utf8 : utf16;
    this.#at += 5 + length;
    return this;
  }
  /** Overwrites a byte or number written before, for counts known only at the end. */
  patchU32(at: number, value: number): void {
    this.#buffer.writeUInt32LE(value, at);
  }
  get at(): number {
    return this.#at;
  }
  /** The frame; valid until the next `start`. A large one is given away, so that its memory is not kept. */
  end(): Buffer {
    this.#buffer.writeUInt32LE(this.#at - 4, 0);
    const frame = this.#buffer.subarray(0, this.#at);
    if (frame.length >= large) this.#buffer = Buffer.allocUnsafe(64 * 1024);
    return frame;
  }
  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

/** Reads the fields of one frame. Throws a RangeError when a length points outside it. */
export class FrameReader {
  readonly #buffer: Buffer;
  #at = 0;
  constructor(body: Buffer) {
    this.#buffer = body;
  }
  u8(): number {
    return this.#buffer.readUInt8(this.#at++);
  }
  u32(): number {
    const value = this.#buffer.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }
  f64(): number {
    const value = this.#buffer.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }
  /** Throws a RangeError when the frame holds more than was read. */
  finish(): void {
    if (this.#at !== this.#buffer.length) throw new RangeError("frame is longer than its fields");
  }
  text(): string {
    const length = this.u32();
    const encoding = this.u8();
    const end = this.#at + length;
    if (end > this.#buffer.length) throw new RangeError("frame is shorter than its text");
    const value = this.#buffer.toString(encoding === utf16 ? "utf16le" : "utf8", this.#at, end);
    this.#at = end;
    return value;
  }
}

/** Cuts a stream of bytes into frames, keeping the unfinished rest in pieces until it is whole. */
export class FrameCutter {
  #pieces: Buffer[] = [];
  #have = 0;
  #need = 4;
  #broken = false;
  readonly #limit: number;
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Calls `each` with the body of every whole frame. Throws a RangeError for a frame beyond the limit, and what `each` throws; after
   * that it takes nothing more, since nobody knows any longer what answers what.
   */
  push(chunk: Buffer, each: (body: Buffer) => void): void {
    if (this.#broken) throw new RangeError("the stream is broken");
    this.#broken = true;
    this.#cut(chunk, each);
    this.#broken = false;
  }

  #cut(chunk: Buffer, each: (body: Buffer) => void): void {
    this.#pieces.push(chunk);
    this.#have += chunk.length;
    if (this.#have < this.#need) return;
    let bytes = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces);
    this.#need = 4;
    while (bytes.length >= 4) {
      const length = bytes.readUInt32LE(0);
      if (length > this.#limit) throw new RangeError("frame is beyond the limit");
      this.#need = 4 + length;
      if (bytes.length < this.#need) break;
      each(bytes.subarray(4, this.#need));
      bytes = bytes.subarray(this.#need);
      this.#need = 4;
    }
    this.#pieces = bytes.length > 0 ? [bytes] : [];
    this.#have = bytes.length;
  }
}
