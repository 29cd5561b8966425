import { createHash } from "node:crypto";
import { unpacked } from "../phi/decode/packed.ts";

/** Letters that follow one another in no language: a few in a row can only be a piece of a stand-in. */
const letters = "bdfghjkmpqrvwxyz";
/** So many letters of a stand-in in a row are a remnant of it. Chance would make so few somewhere in a long text, so there it takes more. */
const piece = { ofShort: 6, ofLong: 8, longFrom: 1 << 18 };

const codeOf = new Int8Array(128).fill(-1);
for (const [i, letter] of [...letters].entries()) codeOf[letter.charCodeAt(0)] = codeOf[letter.toUpperCase().charCodeAt(0)] = i;

/** The names under which the large values of one message are away. `secret`: what nobody outside the engine knows of this message. */
export class StandIns {
  readonly #digest: string;
  readonly #short = new Set<number>();
  readonly #long = new Set<number>();

  constructor(secret: string) {
    this.#digest = createHash("sha256").update(secret).digest("hex").slice(0, 32);
  }

  /** The one with this number: 32 letters of the message's own around those of the number. */
  name(number: number): string {
    const digits = this.#digest.slice(0, 16) + number.toString(16) + this.#digest.slice(16);
    const name = digits.replace(/./g, (digit) => letters[Number.parseInt(digit, 16)] as string);
    addPieces(name, piece.ofShort, this.#short);
    addPieces(name, piece.ofLong, this.#long);
    return name;
  }

  /**
   * Whether a piece of one of them is in the text: cut, in capitals, wrapped over lines, spaced, between escapes or packed as base64 or hex.
   * In time that grows with the length of the text alone.
   */
  isIn(text: string): boolean {
    return this.#isPlainIn(text) || this.#isPlainIn(text.replace(breaks, "")) || this.#isPlainIn(unpacked(text) ?? "");
  }

  #isPlainIn(text: string): boolean {
    const long = text.length >= piece.longFrom;
    const size = long ? piece.ofLong : piece.ofShort;
    const pieces = long ? this.#long : this.#short;
    const mask = 16 ** size - 1;
    let run = 0;
    let code = 0;
    let capitals = false;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const sign = unit < 128 ? (codeOf[unit] as number) : -1;
      if (sign < 0) {
        if (isWord(unit)) run = 0;
        continue;
      }
      // Capitals and small letters mixed are base64, not a name written in capitals or with a capital first.
      const isCapital = unit < 97;
      if (isCapital !== capitals) run = 0;
      capitals = isCapital;
      code = (code * 16 + sign) % (mask + 1);
      if (++run >= size && pieces.has(code)) return true;
    }
    return false;
  }
}

/** What stands for a line break or another sign in HL7 v2, JSON, XML and HTML. */
const breaks = /\\(?:\.?[A-Za-z]{1,3}[0-9A-Fa-f+-]{0,8}\\|u[0-9A-Fa-f]{4}|[nrtbf])|&(?:#x?[0-9A-Fa-f]{1,7}|[a-z]{2,6});|<\/?[A-Za-z]{1,8} ?\/?>/g;

function addPieces(name: string, size: number, into: Set<number>): void {
  for (let at = 0; at + size <= name.length; at++) into.add([...name.slice(at, at + size)].reduce((code, letter) => code * 16 + letters.indexOf(letter), 0));
}

/** Letters and digits: what else stands between two letters does not part them. */
function isWord(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit > 127;
}
