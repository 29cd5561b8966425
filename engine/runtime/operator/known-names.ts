import { componentNames, parameterNames, propertyNames } from "../../codec/ical/index.ts";
import { elementNames } from "../../codec/script/structures.ts";
import type { Channel } from "../../config/project.ts";
import type { Format } from "../../sdk/index.ts";

/** Whether a name in a message (a key, an element, a column) may be shown where values may not. */
export type Known = (name: string) => boolean;

/** Names of FHIR are the standard's and start small; what a sender makes up there does not pass, digits neither. */
const ofFhir: Known = (name) => /^_?[a-z][A-Za-z]*$/.test(name);
const ofScript: Known = (name) => name === "Message" || elementNames.has(name);
const icalNames: ReadonlySet<string> = new Set(["BEGIN", "END", ...componentNames, ...parameterNames, ...propertyNames]);
const ofIcal: Known = (name) => icalNames.has(name.toUpperCase());
const ofNobody: Known = () => false;
const known = new WeakMap<Channel, Known>();

/**
 * In JSON, XML and CSV a sender can write values where names stand, and no pattern tells `JaneDoe` from `birthDate`. So a name is shown when
 * somebody of the project has written it in the channel, its code included; of FHIR also when it has the form of the standard's, of SCRIPT and iCalendar when the tables have it.
 */
export function knownNames(channel: Channel | undefined, format: Format): Known {
  const own = channel === undefined ? ofNobody : ofChannel(channel);
  if (format === "ical") return (name) => own(name) || ofIcal(name);
  if (format === "script") return (name) => own(name) || ofScript(name);
  return format === "fhir" ? (name) => own(name) || ofFhir(name) : own;
}

function ofChannel(channel: Channel): Known {
  const found = known.get(channel);
  if (found) return found;
  // Tests hold whole messages.
  const { tests: _, ...rest } = channel;
  const words = new Set<string>();
  for (const text of texts(rest)) {
    for (const [word] of text.matchAll(/[\p{L}_][\p{L}\p{N}_.-]*/gu)) for (const name of [word, ...word.split(/[.-]/)]) words.add(name);
  }
  const has: Known = (name) => words.has(name);
  known.set(channel, has);
  return has;
}

/** Every text of a configuration, names of its keys included. */
function* texts(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) for (const each of value) yield* texts(each);
  else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      yield key;
      yield* texts(each);
    }
  }
}
