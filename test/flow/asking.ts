import { connect } from "node:net";

/**
 * What comes back within a time, as a sender that does not give up at once sees it; `count` frames are enough. Framing of its own, not the
 * engine's. A connection that ends or is refused gives what came until then.
 */
export function within(port: number, message: string, ms: number, count = Number.POSITIVE_INFINITY, lingerMs = 150): Promise<string[]> {
  return new Promise((resolve) => {
    const frames: string[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(`\x0b${message}\x1c\r`));
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(frames);
    };
    const timer = setTimeout(done, ms);
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf("\x1c\r"); end >= 0; end = text.indexOf("\x1c\r")) {
        frames.push(text.slice(1, end));
        text = text.slice(end + 2);
      }
      // One more than expected would come soon.
      if (frames.length >= count) setTimeout(done, lingerMs);
    });
    socket.on("error", done).on("close", done);
  });
}

/** A sender as they are: what gets no answer in time is sent again, the same bytes on a new connection. */
export async function ask(port: number, message: string, patienceMs = 2000): Promise<string> {
  for (;;) {
    const begun = performance.now();
    const [frame] = await within(port, message, patienceMs, 1, 0);
    if (frame !== undefined) return frame;
    // Refused at once: the engine is not there at the moment.
    if (performance.now() - begun < 50) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** `AA C1`: MSA-1 and MSA-2. */
export function codeOf(ack: string): string | undefined {
  return /\rMSA\|([A-Z]{2})\|([^|\r]*)/.exec(ack)?.slice(1).join(" ");
}

/** `207 FLW-303`: the standard's condition and the engine's code. */
export function reasonOf(ack: string): string | undefined {
  return /\rERR\|\|\|(\d+)\^\^HL70357\|E\|([A-Z0-9]+-\d+)/.exec(ack)?.slice(1).join(" ");
}
