import { EngineError } from "../../sdk/error.ts";
import type { X12Delimiters } from "./delimiters.ts";

/** What an element says: a value, `null` for nothing, components as a list, or repetitions. */
export type ElementValue = Scalar | readonly Scalar[] | { readonly repeat: readonly (Scalar | readonly Scalar[])[] };
type Scalar = string | number | null;

/** A segment as its id and its elements: `["REF", "EI", "123456789"]`. */
export type SegmentValue = readonly [id: string, ...elements: ElementValue[]];

export interface Party {
  /** ISA05 or ISA07: `ZZ`. */
  readonly qualifier: string;
  readonly id: string;
}

export interface InterchangeOptions {
  readonly sender: Party;
  readonly receiver: Party;
  /** ISA13 and IEA02, at most nine digits. */
  readonly controlNumber: number;
  /** Milliseconds since 1970, for ISA09 and ISA10 in UTC. */
  readonly now: number;
  /** ISA12; default `00501`. */
  readonly version?: string;
  /** ISA14: whether a TA1 is asked for; default no. */
  readonly wantsTa1?: boolean;
  /** ISA15: production, test or information; default `P`. */
  readonly usage?: "P" | "T" | "I";
  /** Default `*`, `:`, `^` (from version 00402 on) and `~`. */
  readonly delimiters?: X12Delimiters;
  /** What stands behind each terminator; default nothing. */
  readonly lineEnd?: "" | "\n" | "\r\n";
  /** TA1 segments, in front of the groups. */
  readonly acknowledges?: readonly SegmentValue[];
  readonly groups: readonly GroupOptions[];
}

export interface GroupOptions {
  /** GS01: `HC`. */
  readonly id: string;
  /** GS02 and GS03. */
  readonly sender: string;
  readonly receiver: string;
  /** GS06 and GE02, at most nine digits. */
  readonly controlNumber: number;
  /** GS08: `005010X222A1`. */
  readonly convention: string;
  readonly sets: readonly SetOptions[];
}

export interface SetOptions {
  /** ST01: `837`. */
  readonly id: string;
  /** ST02 and SE02; default its number in the group, in four digits. */
  readonly controlNumber?: string;
  /** ST03; absent before 5010. */
  readonly convention?: string;
  /** Between ST and SE. */
  readonly segments: readonly SegmentValue[];
}

/**
 * One interchange with its control numbers, and its counts as they come out (SE01, GE01, IEA01). Empty elements at the end of a segment and
 * empty components at the end of a composite are left out. Throws `X12-103` for a value that holds a delimiter and `X12-109` for what ISA, GS
 * or ST cannot hold.
 */
export function buildInterchange(options: InterchangeOptions): string {
  const { version = "00501", groups, acknowledges = [], lineEnd = "" } = options;
  const marks = options.delimiters ?? { element: "*", component: ":", repetition: version >= "00402" ? "^" : "", segment: "~" };
  const control = digits(options.controlNumber, 9);
  const end = marks.segment + lineEnd;
  const write = (segment: SegmentValue) => segmentText(segment, marks) + end;
  let out = isaText(options, control, version, marks) + end;
  for (const segment of acknowledges) out += write(segment);
  for (const group of groups) {
    const number = digits(group.controlNumber, 0);
    const date = iso(options.now);
    out += write(["GS", group.id, group.sender, group.receiver, date.slice(0, 8), date.slice(8, 12), number, "X", group.convention]);
    for (const [i, set] of group.sets.entries()) {
      const own = set.controlNumber ?? digits(i + 1, 4);
      if (!/^[0-9A-Za-z]{4,9}$/.test(own)) throw new EngineError("X12-109", { element: "ST02" });
      out += write(["ST", set.id, own, set.convention ?? null]);
      for (const segment of set.segments) out += write(segment);
      out += write(["SE", set.segments.length + 2, own]);
    }
    out += write(["GE", group.sets.length, number]);
  }
  return out + write(["IEA", groups.length, control]);
}

/** A segment without its terminator. Throws `X12-103`. */
export function segmentText([id, ...elements]: SegmentValue, marks: X12Delimiters): string {
  const texts = elements.map((each) => elementText(each, marks));
  while (texts.at(-1) === "") texts.pop();
  return [id, ...texts].join(marks.element);
}

function elementText(value: ElementValue, marks: X12Delimiters): string {
  if (value !== null && typeof value === "object" && "repeat" in value) {
    if (marks.repetition === "" && value.repeat.length > 1) throw new EngineError("X12-105", { needs: "repetition" });
    return value.repeat.map((each) => elementText(each, marks)).join(marks.repetition);
  }
  if (!Array.isArray(value)) return scalar(value as Scalar, marks);
  const texts = (value as readonly Scalar[]).map((each) => scalar(each, marks));
  while (texts.at(-1) === "") texts.pop();
  return texts.join(marks.component);
}

function scalar(value: Scalar, marks: X12Delimiters): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string" && !(typeof value === "number" && Number.isFinite(value))) throw new EngineError("X12-102");
  const text = String(value);
  for (const [holds, mark] of Object.entries(marks)) if (mark !== "" && text.includes(mark)) throw new EngineError("X12-103", { holds });
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32) throw new EngineError("X12-103", { holds: "control character" });
  return text;
}

function isaText({ sender, receiver, now, wantsTa1 = false, usage = "P" }: InterchangeOptions, control: string, version: string, marks: X12Delimiters): string {
  const date = iso(now);
  const fixed = (text: string, width: number, element: string) => {
    if (text.length > width) throw new EngineError("X12-109", { element });
    return scalar(text, marks).padEnd(width);
  };
  if (!/^\d{5}$/.test(version)) throw new EngineError("X12-109", { element: "ISA12" });
  const elements = [
    "00", " ".repeat(10), "00", " ".repeat(10),
    fixed(sender.qualifier, 2, "ISA05"), fixed(sender.id, 15, "ISA06"), fixed(receiver.qualifier, 2, "ISA07"), fixed(receiver.id, 15, "ISA08"),
    date.slice(2, 8), date.slice(8, 12), marks.repetition || "U", version, control, wantsTa1 ? "1" : "0", usage, marks.component,
  ];
  return ["ISA", ...elements].join(marks.element);
}

/** Digits of a control number, which is a whole number above zero. */
function digits(number: number, width: number): string {
  if (!Number.isInteger(number) || number < 1 || number > 999_999_999) throw new EngineError("X12-109", { element: "control number" });
  return String(number).padStart(width, "0");
}

/** CCYYMMDDHHMMSS in UTC. */
function iso(now: number): string {
  return new Date(now).toISOString().replace(/[-T:]/g, "").slice(0, 14);
}
