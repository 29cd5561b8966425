import { type Clock, EngineError, type Timer } from "../sdk/index.ts";

/** How long an attempt may go on after it was called off. */
const patienceMs = 500;

/**
 * An attempt that a connector goes on with although it was called off is given up: a stop may not hang on it. What it sent is not known,
 * so the message is sent again after the next start. Rejects with EngineError `NET-210` then.
 */
export function abandonable<T>(attempt: Promise<T>, signal: AbortSignal, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: Timer | undefined;
    const calledOff = () => {
      timer = clock.after(patienceMs, () => reject(new EngineError("NET-210", { sent: true })));
    };
    const end = () => {
      signal.removeEventListener("abort", calledOff);
      timer?.cancel();
    };
    attempt.then(
      (outcome) => {
        end();
        resolve(outcome);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
    if (signal.aborted) calledOff();
    else signal.addEventListener("abort", calledOff, { once: true });
  });
}
