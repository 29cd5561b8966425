/** A made-up identity that stands in every message of the kit and may come out only where content belongs. */
export const canary = "ZZCANARY^PETRONELLA^772-19-0043";

/** Pieces that must not turn up alone either. */
const pieces = ["ZZCANARY", "PETRONELLA", "772-19-0043", "772190043"];

/** Which piece of the canary a value holds, wherever in it. */
export function canaryIn(value: unknown): string | undefined {
  // `this` holds the part before its own toJSON, which would turn a Buffer into numbers.
  const text = JSON.stringify({ value }, function (this: Record<string, unknown>, key, part: unknown) {
    const own = this[key];
    return own instanceof Uint8Array ? new TextDecoder().decode(own) : part;
  });
  return pieces.find((piece) => text.includes(piece));
}
