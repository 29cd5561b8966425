import type { Harvest } from "../../engine/phi/index.ts";
import type { Tree } from "../../engine/codec/tree.ts";
import type { Channel } from "../../engine/config/project.ts";
import { structureWords } from "../../engine/phi/structure-words.ts";
import { channel, mint } from "../../engine/phi/testing/given.ts";
import type { Envelope } from "../../engine/sdk/index.ts";
import { closedList, type Door, type Recipient, recipients } from "./doors.ts";
import type { Draws } from "./draws.ts";
import { beyond, encodings, type Encoding } from "./encodings.ts";
import { type Exit, exits } from "./exits.ts";
import { formsOf } from "./forms.ts";
import type { Kind, Planted } from "./planted.ts";

/** One attempt to get one identifier of one message out. */
export interface LeakCase {
  readonly planted: Planted;
  readonly form: string;
  readonly encoding: string;
  readonly exit: string;
  readonly to: Recipient;
  readonly envelope: Envelope;
  /** What a transform returned, where the closed list comes before the envelope. */
  readonly result?: string;
  /** Of a cipher or a writing of its own: counted apart. */
  readonly beyond: boolean;
}

const empty = new Uint8Array(Buffer.from('{"event":"visit"}'));
const clean: Envelope = { endpoint: "api", method: "POST", path: "/events", headers: { "content-type": "application/json" }, body: empty };
const all: readonly Encoding[] = [...encodings, ...beyond];
/** Dates and places may stand in a limited data set (45 CFR 164.514(e)(2)). */
const limitedMay: ReadonlySet<Kind> = new Set(["birth date", "date", "zip"]);
const [none, limited, phi] = recipients as [Recipient, Recipient, Recipient];

/** Deals encodings and exits so that every pair comes as often as any other, whatever is drawn beside. */
export class Dealer {
  readonly #draws: Draws;
  #at: number;
  readonly #beyondToo: boolean;

  constructor(draws: Draws, beyondToo: boolean, from = 0) {
    this.#draws = draws;
    this.#beyondToo = beyondToo;
    this.#at = from;
  }

  deal(planted: Planted): LeakCase | undefined {
    const known = this.#beyondToo ? all : encodings;
    const encoding = known[this.#at % known.length] as Encoding;
    const exit = Math.floor(this.#at / known.length) % (exits.length + 1);
    this.#at++;
    if (encoding.kinds && !encoding.kinds.includes(planted.kind)) return undefined;
    const form = encoding.whole ? { name: "as it stands", text: planted.value } : this.#draws.one(formsOf(planted));
    if (!takes(encoding, form.text)) return undefined;
    const made = encoding.encode(form.text, this.#draws, planted);
    const pieces = typeof made === "string" ? [made] : made;
    const apart = { planted, form: form.name, encoding: encoding.name, beyond: beyond.includes(encoding) };
    const way = exits[exit];
    if (way && isKeyOfFormats(way, pieces)) return undefined;
    if (!way) return { ...apart, exit: "closed list", to: none, envelope: clean, result: this.#result(pieces.join("")) };
    return { ...apart, exit: way.name, to: this.#to(way, planted), envelope: { ...clean, ...way.put(pieces) } };
  }

  #to(exit: Exit, planted: Planted): Recipient {
    if (this.#draws.chance(0.6)) return none;
    return limitedMay.has(planted.kind) || (!exit.isBody && this.#draws.chance(0.5)) ? (exit.isBody ? none : phi) : limited;
  }

  /** As a result that a transform might return: in a field of the list, in one of its own, as a key. */
  #result(text: string): string {
    const place = this.#draws.one([...Object.keys(closedList), "note", "description"]);
    return JSON.stringify(this.#draws.chance(0.2) ? { [text]: 1 } : { kind: "new", [place]: text });
  }
}

/** `{"part":1}` says no more of a Ms. Part than every other text of such a program does: with a capital, cut or beside a given name she is planted there. */
function isKeyOfFormats({ name }: Exit, pieces: readonly string[]): boolean {
  return name === "body, key" && pieces.length === 1 && structureWords.has(pieces[0] ?? "");
}

function takes(encoding: Encoding, text: string): boolean {
  try {
    return encoding.takes?.(text) ?? true;
  } catch {
    return false;
  }
}

const listed: Channel = channel();

/** Sends a case the way of its destination; what left, or nothing. */
export function attempt(each: LeakCase, door: Door, raw: Tree, harvest: Harvest, off: boolean) {
  let { envelope } = each;
  if (each.result !== undefined) {
    const projected = off ? { content: { bytes: new Uint8Array(Buffer.from(each.result)) } } : door.boundary.project({ channel: listed, destination: each.to.destination, result: each.result, raw, mint });
    if ("refusal" in projected) return undefined;
    envelope = { ...envelope, body: projected.content.bytes };
  }
  const left = door.release(each.to, envelope, harvest);
  return typeof left === "string" ? undefined : left;
}
