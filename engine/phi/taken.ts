/** A token of the engine that was cut is still its own from this many signs on; MSH-10 has room for twenty. */
const shortestCut = 16;

/** Whether what stands there is of a value that the engine took or made: of all of it, of its first signs, or of its 32 signs dressed as a UUID. */
export function isInTaken(text: string, start: number, end: number, taken: ReadonlySet<string>): boolean {
  return anyAround(text, start, end, taken, (from, to) => from <= start && end <= to);
}

/** Whether some of it is, and the rest stands beside by chance. */
export function touchesTaken(text: string, start: number, end: number, taken: ReadonlySet<string>): boolean {
  return anyAround(text, start, end, taken, (from, to) => from < end && start < to);
}

function anyAround(text: string, start: number, end: number, taken: ReadonlySet<string>, fits: (from: number, to: number) => boolean): boolean {
  for (const value of taken) {
    if (isAround(text, start, end, value, fits)) return true;
    if (/^[0-9a-f]{32}$/.test(value) && isAround(text, start, end, value.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"), fits)) return true;
  }
  return false;
}

function isAround(text: string, start: number, end: number, value: string, fits: (from: number, to: number) => boolean): boolean {
  const first = Math.max(0, start - value.length);
  const window = text.slice(first, end + value.length);
  const head = value.slice(0, shortestCut);
  if (head === "") return false;
  for (let at = window.indexOf(head); at >= 0; at = window.indexOf(head, at + 1)) {
    let length = head.length;
    while (length < value.length && window.charCodeAt(at + length) === value.charCodeAt(length)) length++;
    if (fits(first + at, first + at + length)) return true;
  }
  return false;
}

/** The groups of a UUID are random, whatever they look like. */
export function isInUuid(text: string, start: number, end: number): boolean {
  const from = Math.max(0, start - 36);
  for (const m of text.slice(from, end + 36).matchAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi)) {
    if (from + m.index <= start && end <= from + m.index + 36) return true;
  }
  return false;
}
