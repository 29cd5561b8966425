import { Duplex } from "node:stream";

/** Both ends of a connection in memory. As on a network, what one writes reaches the other a moment later, and when one is gone both are. */
export function streamPair(): [ours: Duplex, theirs: Duplex] {
  const [ours, theirs] = [new End(), new End()];
  ours.other = theirs;
  theirs.other = ours;
  for (const end of [ours, theirs]) end.on("error", () => {});
  return [ours, theirs];
}

class End extends Duplex {
  other: End | undefined;

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    setImmediate(() => {
      if (this.other && !this.other.destroyed) this.other.push(Buffer.from(chunk));
      done();
    });
  }

  override _final(done: () => void): void {
    setImmediate(() => {
      if (this.other && !this.other.destroyed) this.other.push(null);
      done();
    });
  }

  // What libraries ask of a socket.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    setImmediate(() => this.other?.destroy());
    done(error);
  }
}
