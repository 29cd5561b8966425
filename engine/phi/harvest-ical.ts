import { IcalMessage, type Tree } from "../codec/index.ts";
import { componentNames, parameterNames, propertyNames } from "../codec/ical/properties.ts";
import { type Component, isLine } from "../codec/ical/read.ts";
import type { Collector } from "./collector.ts";
import { harvestKey } from "./harvest-json.ts";
import { harvestValue } from "./harvest-value.ts";
import { rowOfName } from "./named.ts";
import { icalRows, type Row, unknownRow } from "./policy.ts";

/** iCalendar by its tables: a property or parameter that they do not have is unknown, and so is a term that is none. */
export function harvestIcal(tree: Tree, into: Collector): void {
  if (!(tree instanceof IcalMessage)) return;
  harvestComponent(tree.root, into);
}

function harvestComponent(component: Component, into: Collector): void {
  if (component.name !== "" && !componentNames.has(component.name)) name(component.name, into);
  // What END says where it is not the name of its BEGIN is text like any other.
  const ended = component.end?.value.trim().toUpperCase() ?? "";
  if (ended !== component.name) name(ended, into);
  for (const item of component.items) {
    if (!isLine(item)) {
      harvestComponent(item, into);
      continue;
    }
    const { parts } = item;
    if (!parts) {
      pieces("line", item.text, into);
      continue;
    }
    if (!names.has(parts.name)) name(parts.name, into);
    if (parts.group !== "") name(parts.group, into);
    for (const parameter of parts.parameters) {
      if (parameter.name !== "" && !parameterNames.has(parameter.name)) name(parameter.name, into);
      // What is no parameter stands as it was written.
      if (parameter.name === "") pieces("parameter", item.text.slice(parameter.span.start + 1, parameter.span.end), into);
      for (const { value } of parameter.values) take(icalRows.get(`*;${parameter.name}`) ?? unknownRow, value, into);
    }
    const row = icalRows.get(parts.name) ?? unknownRow;
    // A property of a sender's own says by its name what it holds: X-PATIENT-MRN.
    const own = row === unknownRow ? rowOfName(parts.name.replace(/^X-/, "").replaceAll("-", " ")) : unknownRow;
    for (const { value } of item.elements) {
      take(row, value, into);
      if (own !== unknownRow) take(own, value, into);
    }
    // Where the parts of a list are one text after all.
    if (item.elements.length > 1 && row.reading !== "date" && row.reading !== "none") take(row, item.value, into);
  }
}

const names: ReadonlySet<string> = new Set(propertyNames);

function take(row: Row, value: string, into: Collector): void {
  if (value === "") return;
  const { kind, reading, strength } = row;
  switch (reading) {
    case "none":
      if (!isTerm(value)) pieces(kind, value, into);
      break;
    case "date":
      for (const part of value.split("/")) if (!into.date(kind, part, strength) && !/^P(?:\d+[WD])?(?:T[\dHMS]+)?$/.test(part)) pieces(kind, part, into);
      break;
    case "contact": {
      const address = value.replace(/^(?:mailto|tel|sip):/i, "");
      into.contact(kind, address, strength);
      into.id(`id of ${kind}`, address, strength);
      break;
    }
    case "name":
      for (const part of value.split(/[,;\n]/)) {
        if (/\p{L}/u.test(part)) personOf(kind, part.trim(), strength, into);
        into.contact(`phone of ${kind}`, part.trim(), strength);
      }
      into.free(kind, value);
      break;
    case "address":
      for (const part of [value, ...value.split(/[,;\n]/)]) into.id(kind, part.trim(), part.trim().includes(" ") ? strength : "weak");
      for (const [zip] of value.matchAll(/\b\d{5}(?:-\d{4})?\b/g)) into.zip("zip", zip, "medium");
      into.free(kind, value);
      break;
    case "unknown":
      pieces(kind, value, into);
      break;
    case "person":
      personOf(kind, value, strength, into);
      into.free(kind, value);
      break;
    case "id":
      into.id(kind, value, strength);
      into.free(kind, value);
      break;
    default:
      harvestValue(row, value, into);
      into.free(kind, value);
  }
}

/** A text as a whole, and what stands between its signs: names of people are written beside a colon, a dash or in brackets. */
function pieces(kind: string, text: string, into: Collector): void {
  into.unknown(kind, text);
  const parts = text.split(/[:;,|/()[\]\n\t\u2013\u2014]+|\s-+\s|\s(?:with|for|and|mit|f\u00fcr)\s/i);
  if (parts.length > 1) for (const part of parts) into.unknown(kind, part.trim());
  for (const [words] of text.matchAll(/\p{Lu}[\p{L}'\u2019-]+(?:\s+\p{Lu}[\p{L}'\u2019.-]*){1,3}/gu)) personOf(`name in ${kind}`, words, "medium", into);
  for (const [, day = ""] of text.matchAll(/\b(?:born|birth\w*|dob)\W{1,3}(?:on\s)?(\d[\d/.-]{3,9}\d)/gi)) into.date("birth date", day, "strong");
}

/** A name as calendars show it: `Jane Ada Rivera`, `Rivera, Jane`; of three words and more the family name may be the last two. */
function personOf(kind: string, text: string, strength: Row["strength"], into: Collector): void {
  into.person(kind, text, strength);
  const [before = "", behind] = text.split(/,\s*/, 2);
  const words = (behind === undefined ? before : behind).split(/\s+/).filter((word) => word !== "" && !/^(?:dr|mr|mrs|ms|prof|md|rn|phd)\.?$/i.test(word));
  if (behind !== undefined) {
    if (before !== "" && words.length > 0 && words.length < 5) into.name(`${kind} in parts`, before, words, strength);
    return;
  }
  if (words.length < 2 || words.length > 5) return;
  into.name(`${kind} in parts`, words.at(-1) ?? "", words.slice(0, -1), strength);
  if (words.length > 2) into.name(`${kind} in parts`, words.slice(-2).join(" "), words.slice(0, -2), strength);
}

/** A word of the standards: capitals, digits and the signs of rules and durations, without a run of digits that could be somebody's. */
function isTerm(value: string): boolean {
  return /^[A-Z0-9.,;=+:-]{1,200}$/i.test(value) && !/\d{5}/.test(value.replace(/UNTIL=\d{8}(?:T\d{6}Z?)?/i, "")) && (terms.has(value.toUpperCase()) || /[=\d]/.test(value));
}

const terms: ReadonlySet<string> = new Set(
  "GREGORIAN PUBLISH REQUEST REPLY ADD CANCEL REFRESH COUNTER DECLINECOUNTER PUBLIC PRIVATE CONFIDENTIAL TENTATIVE CONFIRMED CANCELLED NEEDS-ACTION COMPLETED IN-PROCESS DRAFT FINAL OPAQUE TRANSPARENT AUDIO DISPLAY EMAIL PROCEDURE BUSY FREE BUSY-UNAVAILABLE BUSY-TENTATIVE INDIVIDUAL GROUP RESOURCE ROOM UNKNOWN BASE64 8BIT ACCEPTED DECLINED DELEGATED THISANDFUTURE START END PARENT CHILD SIBLING SNOOZE CHAIR REQ-PARTICIPANT OPT-PARTICIPANT NON-PARTICIPANT TRUE FALSE BINARY BOOLEAN CAL-ADDRESS DATE DATE-TIME DURATION FLOAT INTEGER PERIOD RECUR TEXT TIME URI UTC-OFFSET BADGE GRAPHIC FULLSIZE THUMBNAIL CHAT FEED MODERATOR PHONE SCREEN VIDEO ARRIVE DEPART CONNECT DISCONNECT SERVER CLIENT NONE PROPOSED WAITLIST ARRIVED CHECKED-IN FULFILLED NOSHOW ENTERED-IN-ERROR EN EN-US DE FR ES ICON".split(" "),
);

/** A name that no standard has is data where no program would call it so. */
function name(text: string, into: Collector): void {
  harvestKey(text.replace(/[.-]/g, "_"), into);
  for (const word of text.split(/[-_.]/)) if (word.length > 3) harvestKey(word, into);
  into.unknown("name", text);
}
