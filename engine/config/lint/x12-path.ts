import { compositeDefinition, type Loop, segmentDefinition, segmentIds, transactions } from "../../codec/x12/grammar/index.ts";
import { parseX12Loop, parseX12Path, parseX12Segment, type ScopePath } from "../../codec/x12/path.ts";
import type { Diagnostic } from "../../sdk/index.ts";
import { nearest } from "../check/suggest.ts";
import { error, warning } from "./rule.ts";
import { canRead, type WrittenPath } from "./written-paths.ts";

const example = "segment, element in two digits, component: for example CLM05-1, NM1[2]03, REF(EI)02 or 2010BA/NM103";
const envelopes = ["ISA", "GS", "ST"];
const control = new Map([["ISA", 16], ["GS", 8], ["ST", 3], ["SE", 2], ["GE", 2], ["IEA", 2], ["TA1", 5]]);
const versions = ["005010", "004010"];

/** What is wrong with a path of X12: its form, which is an error, or a place that the grammars do not have, which other transaction sets may have all the same. */
export function judgeX12({ path, at, isSegment = false }: WrittenPath): Diagnostic[] {
  const isLoops = isSegment && canRead(() => parseX12Loop(path)) && !canRead(() => parseX12Segment(path));
  if (isLoops) return unknownLoop(parseX12Loop(path), path, at);
  if (!canRead(() => (isSegment ? parseX12Segment(path) : parseX12Path(path)))) {
    return [error("CFG-167", at, `${path} is no path of X12`, isSegment ? "a segment, for example NM1, 2300/REF or REF(EI)" : suggestion(path))];
  }
  const place = isSegment ? { ...parseX12Segment(path), element: 0, component: 0 } : parseX12Path(path);
  const known = unknownLoop(place.scopes, path, at);
  if (known.length > 0) return known;
  return unknownSegment(place, path, at);
}

function unknownLoop(scopes: readonly ScopePath[], path: string, at: WrittenPath["at"]): Diagnostic[] {
  const loops = loopSegments();
  const odd = scopes.find(({ id }) => !envelopes.includes(id) && !loops.has(id));
  if (odd === undefined) return [];
  const near = nearest(odd.id, [...loops.keys(), ...envelopes]);
  return [warning("CFG-167", at, `no transaction set that is known has a loop ${odd.id}`, near === undefined ? "loops are named as in the guides: 2000A, 2010BA, 2300" : `did you mean ${path.replace(odd.id, near)}?`)];
}

function unknownSegment({ scopes, segment, element, component }: { scopes: readonly ScopePath[]; segment: string; element: number; component: number }, path: string, at: WrittenPath["at"]): Diagnostic[] {
  const ids = [...new Set([...versions.flatMap(segmentIds), ...control.keys()])];
  if (!ids.includes(segment)) {
    const near = nearest(segment, ids);
    return [warning("CFG-167", at, `no transaction set that is known has a segment ${segment}`, near === undefined ? example : `did you mean ${path.replace(segment, near)}?`)];
  }
  const loop = scopes.at(-1)?.id ?? "";
  if (loop !== "" && !envelopes.includes(loop) && !loopSegments().get(loop)?.has(segment)) {
    const others = [...loopSegments()].filter(([, own]) => own.has(segment)).map(([id]) => id);
    const inside = others.find((id) => id.startsWith(loop.slice(0, 3))) ?? others[0];
    return [warning("CFG-167", at, `loop ${loop} has no segment ${segment} of its own`, inside === undefined ? "leave out the loop" : `${inside} has one`)];
  }
  const most = control.get(segment) ?? Math.max(...versions.map((version) => segmentDefinition(version, segment)?.elements.length ?? 0));
  if (element > most) return [warning("CFG-167", at, `${segment} has ${most} elements`, `the last is ${segment}${String(most).padStart(2, "0")}`)];
  const parts = versions.map((version) => compositeDefinition(version, segmentDefinition(version, segment)?.elements[element - 1]?.number ?? "")?.components.length ?? 1);
  if (component > Math.max(...parts)) return [warning("CFG-167", at, `${segment}${String(element).padStart(2, "0")} has ${Math.max(...parts)} component${Math.max(...parts) === 1 ? "" : "s"}`, example)];
  return [];
}

/** `CLM-5.1` and `CLM05.1` are what people of HL7 write. */
function suggestion(path: string): string {
  const [, scopes = "", segment, element, component] = /^((?:[^/]+\/)*)([A-Z][A-Z0-9]{1,2})-?(\d{1,2})(?:[.-](\d{1,2}))?$/.exec(path) ?? [];
  const meant = segment === undefined || element === undefined ? "" : `${scopes}${segment}${element.padStart(2, "0")}${component === undefined ? "" : `-${component}`}`;
  return meant !== "" && canRead(() => parseX12Path(meant)) ? `did you mean ${meant}?` : example;
}

/** Ids of the segments that each loop has of its own, over all grammars. */
function loopSegments(): ReadonlyMap<string, ReadonlySet<string>> {
  if (read.size === 0) for (const { root } of transactions()) gather(root);
  return read;
}

const read = new Map<string, Set<string>>();

function gather({ id, children }: Loop): void {
  const own = read.get(id) ?? new Set<string>();
  if (id !== "ST" && id !== "HEADER") read.set(id, own);
  for (const child of children) {
    if (child.kind === "loop") gather(child);
    else own.add(child.id);
  }
}
