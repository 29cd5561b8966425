/** What may stand at one place of a message: a segment, one of several segments, or a group of places. */
export interface Place {
  /** Segments that may stand here; empty for a group. `ANY`: whatever segment stands there. */
  readonly segments: readonly string[];
  /** Of a group: `PATIENT_RESULT`; empty for a segment. */
  readonly group: string;
  readonly inner: readonly Place[];
  /** How often it stands there at least, and at most (`Infinity`: any number). */
  readonly min: number;
  readonly max: number;
}

/** What is no structure, and where in its text (UTF-16 units). */
export interface Slip {
  readonly at: number;
  /** `word`: neither a name nor a choice; `range`: the least is more than the most, or none may stand there; `open`: a group without its end; `close`: an end without a group; `empty`: nothing. */
  readonly kind: "word" | "range" | "open" | "close" | "empty";
}

const signs: Readonly<Record<string, readonly [min: number, max: number]>> = { "": [1, 1], "?": [0, 1], "*": [0, Number.POSITIVE_INFINITY], "+": [1, Number.POSITIVE_INFINITY] };

/** A name, or a choice; how often it stands there; and whether it is a group. Names of segments have three signs, those of groups more. */
const word = /(?:<(\w{3}(?:\|\w{3})+)>|(\w+))(?:([?*+])|\[(\d{1,4})\.\.(\d{1,4}|\*)\])?(\()?/y;

/**
 * A structure as text: `MSH PATIENT?(PID NTE*) ORDER+(<OBR|RXO> NTE* OBX[0..3])`. In order: a segment, a choice in angle brackets, or a group with its content in parentheses;
 * behind it `?` at most one, `*` any number, `+` one or more, `[2..5]` as it says, nothing exactly one.
 */
export function readStructure(text: string): { readonly places: readonly Place[]; readonly slip?: Slip } {
  const open: { readonly places: Place[]; readonly at: number; readonly close?: (inner: readonly Place[]) => Place }[] = [{ places: [], at: 0 }];
  const fail = (kind: Slip["kind"], at: number) => ({ places: [], slip: { kind, at } });
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at] as string)) {
      at++;
      continue;
    }
    if (text[at] === ")") {
      const done = open.pop();
      if (done?.close === undefined) return fail("close", at);
      if (done.places.length === 0) return fail("empty", at);
      open.at(-1)?.places.push(done.close(done.places));
      at++;
      continue;
    }
    word.lastIndex = at;
    const found = word.exec(text);
    if (found === null) return fail("word", at);
    const [whole, choice, name = "", sign = "", least, most, parenthesis] = found;
    const [min, max] = least === undefined ? (signs[sign] as readonly [number, number]) : [Number(least), most === "*" ? Number.POSITIVE_INFINITY : Number(most)];
    if (min > max || max === 0) return fail("range", at);
    if (parenthesis !== undefined) {
      if (choice !== undefined) return fail("word", at);
      open.push({ places: [], at, close: (inner) => ({ segments: [], group: name, inner, min, max }) });
    } else if (choice === undefined && name.length !== 3) return fail("word", at);
    else open.at(-1)?.places.push({ segments: choice === undefined ? [name] : choice.split("|"), group: "", inner: [], min, max });
    at += whole.length;
    // What follows a word is apart from it.
    if (parenthesis === undefined && at < text.length && !/[\s)]/.test(text[at] as string)) return fail("word", at);
  }
  const unclosed = open.length > 1 ? open.at(-1) : undefined;
  if (unclosed !== undefined) return fail("open", unclosed.at);
  const places = open[0]?.places ?? [];
  return places.length === 0 ? fail("empty", 0) : { places };
}

/** Every segment that places have room for. */
export function segmentsIn(places: readonly Place[]): ReadonlySet<string> {
  return new Set(places.flatMap((place) => [...place.segments, ...segmentsIn(place.inner)]));
}
