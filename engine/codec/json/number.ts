/** A number kept as written, because a double would change it. Prints and is written as its text. */
export class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** A number as JSON writes one: `1.50`, `-0.3`, `2e9`. */
export function isJsonNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
}

/** Where an object or array keeps how its numbers were written. On the object itself: what outlasts a message in the sandbox keeps no state. */
const written = Symbol("written");
type Holder = object & { [written]?: Map<string, string> };

/** Remembers the text of a number that a double holds and prints otherwise: `1.50`. */
export function keepText(holder: object, key: string | number, text: string, value: number): void {
  if (String(value) === text) return;
  const { [written]: texts = new Map<string, string>() } = holder as Holder;
  if (texts.size === 0) Object.defineProperty(holder, written, { value: texts });
  texts.set(String(key), text);
}

/** The text in which a number came, while its value is that number: what nobody changed keeps its digits. */
export function textKept(holder: object, key: string | number, value: number): string | undefined {
  // Code may answer for an object with whatever it likes: what is no number as JSON writes one is not written.
  const texts: unknown = (holder as Holder)[written];
  const text: unknown = texts instanceof Map ? texts.get(String(key)) : undefined;
  return typeof text === "string" && isJsonNumber(text) && Object.is(Number(text), value) ? text : undefined;
}

/** Whether reading the number as a double and printing it gives the same number. */
export function fitsDouble(text: string): boolean {
  // Fifteen significant digits always survive.
  if (text.length <= 15 && !/[eE]/.test(text)) return true;
  const value = Number(text);
  return Number.isFinite(value) && normal(text) === normal(String(value));
}

/** Sign, digits without zeros at the ends, and the power of ten of the last digit. */
function normal(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return "";
  const [, sign = "", whole = "", fraction = "", power = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return "0";
  const kept = digits.replace(/0+$/, "");
  return `${sign}${kept}e${BigInt(power) - BigInt(fraction.length) + BigInt(digits.length - kept.length)}`;
}
