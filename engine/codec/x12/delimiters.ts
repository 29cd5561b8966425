import { EngineError } from "../../sdk/error.ts";

/** The characters that an ISA segment declares (X12.5). */
export interface X12Delimiters {
  /** The 4th character of ISA. */
  readonly element: string;
  /** ISA16. */
  readonly component: string;
  /** ISA11 from version 00402 on; empty before it, where ISA11 is a letter, and where it holds no character that can divide. */
  readonly repetition: string;
  /** The character behind ISA16. */
  readonly segment: string;
}

/** Whether an ISA segment seems to stand here: its name and a character that can divide elements. */
export function isInterchangeAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === 73 && text.charCodeAt(at + 1) === 83 && text.charCodeAt(at + 2) === 65 && isDelimiter(text.charCodeAt(at + 3));
}

/** Characters from the I of ISA to its terminator, which is the 106th. */
export const isaLength = 105;

/** How wide each element of ISA is, by number. */
export const isaWidths: readonly number[] = [0, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];

/**
 * Reads the delimiters of the ISA segment at `at`: by position, and where the elements are not as wide as X12.5 says, by counting them.
 * Throws `X12-002` for a text that ends before them and `X12-003` where they cannot be told apart.
 */
export function readDelimiters(text: string, at: number): X12Delimiters {
  const element = text.charAt(at + 3);
  const elements = startsOf(text, at, element);
  const [version, sixteenth] = [elements[12], elements[16]];
  if (version === undefined || sixteenth === undefined || text.length < sixteenth + 2) {
    throw new EngineError(text.length < at + isaLength + 1 ? "X12-002" : "X12-003", { offset: Math.min(text.length, at + isaLength) });
  }
  const component = text.charAt(sixteenth);
  const segment = text.charAt(sixteenth + 1);
  for (const [i, char] of [component, segment].entries()) {
    if (!isDelimiter(char.charCodeAt(0)) && !(i === 1 && isBreak(char))) throw new EngineError("X12-003", { offset: sixteenth + i });
  }
  if (component === element || segment === element || segment === component) throw new EngineError("X12-003", { offset: sixteenth });
  const eleventh = text.charAt(elements[11] ?? at);
  const repeats = text.slice(version, version + 5) >= "00402" && isDelimiter(eleventh.charCodeAt(0)) && ![element, component, segment].includes(eleventh);
  return { element, component, repetition: repeats ? eleventh : "", segment };
}

/** Where each element of ISA begins, by number; shorter where the segment ends too early. */
function startsOf(text: string, at: number, element: string): readonly number[] {
  const starts = [at, at + 4];
  // An element of ISA is at most 15 wide; some write them without their padding, some with more.
  const limit = Math.min(text.length, at + 3 * isaLength);
  for (let i = at + 4; i < limit && starts.length < 17; i++) {
    const char = text.charAt(i);
    if (char === element) starts.push(i + 1);
    else if (isBreak(char)) break;
  }
  return starts;
}

/** Printable, no letter, digit or space; or one of the control characters that are used to divide. */
function isDelimiter(code: number): boolean {
  if (code < 0x20) return code === 0x07 || (code >= 0x11 && code <= 0x14) || (code >= 0x1c && code <= 0x1f) || code === 9;
  return code > 0x20 && code !== 0x7f && !(code >= 48 && code <= 57) && !(code >= 65 && code <= 90) && !(code >= 97 && code <= 122) && !(code > 0x7f && code <= 0xa0);
}

export function isBreak(char: string): boolean {
  return char === "\r" || char === "\n";
}
