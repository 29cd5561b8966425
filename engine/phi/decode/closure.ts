import { unarmoured } from "./armour.ts";
import { glued } from "./glued.ts";
import { unbackslash } from "./backslash.ts";
import { Budget, depth } from "./budget.ts";
import { unentity } from "./entities.ts";
import { unescapeHl7 } from "./hl7-escapes.ts";
import { unmarked } from "./markup.ts";
import { unpacked } from "./packed.ts";
import { unpercent, unpercentOnce, unpercentPath } from "./percent.ts";
import { unpunycode } from "./punycode.ts";
import { unprintable, unworded } from "./quoted-printable.ts";
import { closedUp } from "./spaced.ts";
import { unspacedHex } from "./spaced-hex.ts";
import { utf7 } from "./utf7.ts";
import { valuesOf } from "./values.ts";

type Decoder = (text: string, budget: Budget) => string | undefined;

export interface View {
  readonly text: string;
  /** Nothing new is in it, only what was apart stands together. */
  readonly isJoined: boolean;
  /** What was set together. */
  readonly of?: string;
}

/** Write each sign in its place, one after the other over what the one before gave. */
const inPlace: readonly Decoder[] = [unpercentOnce, unpercent, unescapeHl7, unbackslash, unentity, unworded, unprintable, unpunycode];
const anyInPlace: readonly (Decoder | undefined)[] = [undefined, ...inPlace];
/** Leave something of the text out, so the text goes on without them too. */
const apart: readonly Decoder[] = [unmarked, valuesOf, glued, closedUp, utf7, doubled, armoured, unpercentPath, unspacedHex, unpacked];
/** Of those, what reads letters and digits alone: the others each need a sign of their own. */
const apartOfWords: readonly Decoder[] = [glued, closedUp, unspacedHex, unpacked];
const noDecoders: readonly Decoder[] = [];
const longestOfWords = 256;
/** Nothing is escaped or armoured in it. */
const words = /^(?![\s\S]*begin )[\w ]*$/;

/** Escapes of JSON around other escapes that begin with the same sign. */
function doubled(text: string): string | undefined {
  return text.includes("\\\\") || (text.includes("\\") && /<~|begin /.test(text)) ? unbackslash(text) : undefined;
}

/** Armour whose signs are escaped for XML, and of which other escapes would take some. */
function armoured(text: string): string | undefined {
  return /&(?:lt|#60|#x3c);?~|begin [0-7]{3}/i.test(text) ? unentity(text) : undefined;
}

/** What only sets together what the text says apart. */
const joining: ReadonlySet<Decoder> = new Set([valuesOf, glued, closedUp]);

/**
 * The text itself and all that it decodes to, layer by layer, each made when asked for. What goes beyond the budget, or is still encoded at the
 * last depth, is noted in `budget`; what was given until then is not all.
 */
export function* closure(text: string, budget: Budget): Generator<View> {
  yield { text, isJoined: false };
  const seen = new Set([text]);
  const isNew = (view: string | undefined): view is string => {
    if (view === undefined || view === "" || seen.has(view) || budget.isOver || !budget.take(view.length)) return false;
    seen.add(view);
    return true;
  };
  /** What was set together, and what is inside it, is not set together again. */
  const isJoint = new Set<string>();
  const quiet = new Budget(text.length, true);
  let layer = [text];
  for (let level = 0; level <= depth && layer.length > 0; level++) {
    const next: string[] = [];
    for (const head of layer) {
      let last = head;
      const isOfWords = head.length <= longestOfWords && words.test(head);
      /** What one writing leaves another may spoil, as quoted-printable the padding of base64 before a break. */
      const between: string[] = [];
      // Its signs are those of the other writings too, so it is read before and after each of them.
      for (const decode of isOfWords ? noDecoders : anyInPlace) {
        const view = decode?.(last, budget);
        if (decode && !isNew(view)) continue;
        if (view !== undefined) {
          if (last !== head) between.push(last);
          yield { text: (last = view), isJoined: false };
        }
        const inside = unarmoured(last, budget);
        if (!isNew(inside)) continue;
        next.push(inside);
        yield { text: inside, isJoined: false };
      }
      if (last !== head) next.push(last);
      if (last !== head && isJoint.has(head)) isJoint.add(last);
      for (const from of last === head ? [head] : [head, last]) {
        for (const decode of isOfWords ? apartOfWords : apart) {
          if (joining.has(decode) && decode !== closedUp && isJoint.has(head)) continue;
          // Chance makes blocks of what was set together: none of them is anybody's file.
          const view = decode(from, isJoint.has(head) ? quiet : budget);
          if (!isNew(view)) continue;
          next.push(view);
          if (joining.has(decode) || isJoint.has(head)) isJoint.add(view);
          yield joining.has(decode) ? { text: view, isJoined: true, of: from } : { text: view, isJoined: false };
        }
      }
      for (const from of isJoint.has(head) ? [] : between) {
        for (const decode of [unpacked, glued]) {
          const view = decode(from, budget);
          if (!isNew(view)) continue;
          next.push(view);
          if (decode === glued) isJoint.add(view);
          yield decode === glued ? { text: view, isJoined: true, of: from } : { text: view, isJoined: false };
        }
      }
      if (budget.isOver) return;
    }
    if (level === depth && next.some((view) => !isJoint.has(view))) budget.isOver = true;
    layer = next;
  }
}
