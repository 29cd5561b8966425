import type { Code, InboundWire, Receipt, SourceContext } from "../../engine/sdk/index.ts";
import { frame } from "./frame.ts";
import { Framer } from "./framer.ts";
import { lateness, type Limits, type Progress } from "./limits.ts";

/**
 * One connection of the source. Frames are handed over one at a time and answered in order: the next goes to the engine when the one
 * before has its receipt, so a sender that sends ahead loses no order.
 */
export class Session {
  readonly #wire: InboundWire;
  readonly #ctx: SourceContext;
  readonly #limits: Limits;
  readonly #framer: Framer;
  readonly #onGone: (session: Session) => void;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #receiving = false;
  /** Application acknowledgements of enhanced mode that are yet to come. */
  #owed = 0;
  #ending = false;
  #wireClosed = false;
  #gone = false;
  #paused = false;
  #since: number;

  constructor(wire: InboundWire, ctx: SourceContext, limits: Limits, onGone: (session: Session) => void) {
    this.#wire = wire;
    this.#ctx = ctx;
    this.#limits = limits;
    this.#onGone = onGone;
    this.#since = ctx.clock.monotonic();
    this.#framer = new Framer(limits, (message) => this.#enqueue(message));
    wire.onData((chunk) => this.#data(chunk));
    wire.onEnd(() => this.#peerEnded());
    wire.onClose(() => {
      this.#wireClosed = true;
      this.#peerEnded();
    });
  }

  /** Closes the connection when it has used up one of its times. */
  check(now: number): void {
    const late = this.#ending ? undefined : lateness(this.#progress(now), this.#limits);
    if (late) this.#fail(late);
  }

  /** Takes nothing more; what the engine has is answered, then the connection ends. */
  stop(): void {
    this.#queue.length = 0;
    this.#queued = 0;
    this.#finish();
  }

  #data(chunk: Uint8Array): void {
    if (this.#ending) return;
    const { open, frames } = this.#framer;
    const failure = this.#framer.push(chunk);
    const skipped = this.#framer.takeSkipped();
    if (skipped > 0) this.#ctx.problem("MLP-101", { bytes: skipped });
    if (failure) {
      this.#fail(failure);
      return;
    }
    // Garbage buys no time: only a frame that begins or ends does.
    if (this.#framer.frames > frames || this.#framer.open !== open) this.#since = this.#ctx.clock.monotonic();
    this.#pump();
  }

  #enqueue(message: Uint8Array): void {
    this.#queue.push(message);
    this.#queued += message.length;
  }

  #pump(): void {
    const next = this.#receiving ? undefined : this.#queue.shift();
    if (next) {
      this.#queued -= next.length;
      this.#receiving = true;
      const answer = (receipt: Receipt) => this.#answer(receipt);
      this.#ctx.receive(next, { whole: true }).then(answer, () => answer({ kind: "unavailable" }));
    }
    if (this.#ending && !this.#receiving && this.#owed === 0) this.#close();
    else this.#settle();
  }

  #answer(receipt: Receipt): void {
    this.#receiving = false;
    this.#since = this.#ctx.clock.monotonic();
    if (receipt.ack) this.#wire.reply(frame(receipt.ack));
    if (receipt.applicationAck) this.#owe(receipt.applicationAck);
    // What was sent ahead of a message that could not be taken must not overtake it: the sender repeats all of it, in its order.
    const overtaking = receipt.kind === "unavailable" && (this.#queue.length > 0 || this.#framer.open);
    const unanswerable = !receipt.ack && (receipt.kind === "unavailable" || (receipt.kind === "refused" && !receipt.unasked));
    if (unanswerable) this.#ctx.problem("MLP-111", { queued: this.#queue.length });
    if (overtaking || unanswerable) this.stop();
    else this.#pump();
  }

  /** It goes out when it comes; the next frames are taken meanwhile, since the sender has had its accept acknowledgement. */
  #owe(ack: Promise<Uint8Array | undefined>): void {
    this.#owed += 1;
    void ack.then((bytes) => {
      this.#owed -= 1;
      if (bytes) this.#wire.reply(frame(bytes));
      this.#pump();
    });
  }

  /** The stream is of no use any more. Good frames before the fault are still handed over and answered. */
  #fail(code: Code): void {
    this.#ctx.problem(code, { bytes: this.#framer.held });
    this.#finish();
  }

  #peerEnded(): void {
    if (!this.#ending && this.#framer.open) this.#ctx.problem("MLP-110", { bytes: this.#framer.held });
    this.#finish();
  }

  #finish(): void {
    this.#ending = true;
    this.#pump();
  }

  #close(): void {
    if (this.#gone) return;
    this.#gone = true;
    if (!this.#wireClosed) this.#wire.close();
    this.#onGone(this);
  }

  /** Bytes not yet handed over count into the engine's budget, and a wire that has sent ahead waits. */
  #settle(): void {
    this.#wire.hold(this.#framer.held + this.#queued);
    const ahead = this.#queue.length > 0;
    if (ahead === this.#paused) return;
    this.#paused = ahead;
    if (ahead) this.#wire.pause();
    else this.#wire.resume();
  }

  #progress(now: number): Progress {
    const { open, frames, held } = this.#framer;
    const busy = this.#receiving || this.#queue.length > 0;
    const state = busy ? "busy" : open ? "frame" : frames > 0 ? "idle" : "new";
    return { state, elapsed: now - this.#since, bytes: held };
  }
}
