import { EngineError } from "../../sdk/error.ts";
import type { Hl7Message } from "../hl7v2/message.ts";
import type { Problem } from "../problem.ts";
import { holds, type Sight } from "./condition.ts";
import { fill, join, put, type Run, setConstant } from "./datatype.ts";
import { Draft, refer, type Spot, walk } from "./draft.ts";
import { Elements } from "./elements.ts";
import { type Group, type Placed, place, sees } from "./groups.ts";
import { finish } from "./finish.ts";
import { checkLab } from "./lab.ts";
import { everyRequest, withPartner, withRows } from "./options.ts";
import type { Condition, MapOptions, MapTables, MessageMap, PlaceRow, Row } from "./tables.ts";
import { Spoken } from "./spoken.ts";
import { Targets } from "./target.ts";
import { Fields, nothing, type Value } from "./values.ts";
import { Codes } from "./vocabulary.ts";

/** What was odd on the way: codes and places of the message, never content. */
export interface Mapped {
  /** A Bundle. Numbers that a double would change are `ExactNumber`. */
  readonly bundle: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/** Makes a FHIR R4 Bundle of a message. Made once for its tables, and used for many messages. */
export class Mapper {
  readonly #tables: MapTables;
  readonly #everyRequest: MapTables;
  readonly #elements: Elements;
  readonly #targets: Targets;
  readonly #spoken: Spoken;
  readonly #key: string;

  /** `key`: a secret of the installation from which ids are made; the same one gives the same ids. */
  constructor(tables: MapTables, key: string) {
    this.#tables = tables;
    this.#everyRequest = everyRequest(tables);
    this.#elements = new Elements(tables.elements);
    this.#targets = new Targets(this.#elements);
    this.#spoken = new Spoken(tables);
    this.#key = key;
  }

  /** Throws MAP-001 for a message that no map is for, MAP-1nn for options that say nothing. */
  map(message: Hl7Message, stated: MapOptions = {}): Mapped {
    const options = withPartner(this.#tables, stated);
    const tables = withRows(options.requests === "ordered" ? this.#tables : this.#everyRequest, options);
    const map = tables.messages[this.#structure(message, options)];
    if (map === undefined) throw new EngineError("MAP-001");
    const fields = message.segments.map((segment) => Object.assign(new Fields(segment), { index: 0 }));
    const problems: Problem[] = [];
    const told = new Set<string>();
    const drafts: Draft[] = [];
    const zone = options.zone ?? zoneOf(message.get("MSH-7") ?? "");
    const run: Run = {
      tables,
      elements: this.#elements,
      // Paths that a channel writes are not remembered: what one message brings reaches no other.
      targets: stated.rows === undefined ? this.#targets : new Targets(this.#elements),
      codes: new Codes(tables, options),
      zone,
      single: tables.single,
      make: (type, group) => {
        const draft = new Draft(type, group);
        drafts.push(draft);
        return draft;
      },
      rows: (kind, name) => rowsOf(tables[kind], name),
      problem: (code, spot) => {
        const path = spot.field === 0 ? spot.segment : `${spot.segment}-${spot.field}`;
        // A field that two elements are made of is told once, and one without a map once for all segments of its name.
        if (told.size === told.add(`${code} ${code === "MAP-211" ? path.replace(/\[\d+\]/, "") : path}`).size) return;
        problems.push({ code, path, line: lineOf(message, spot.segment) });
      },
    };
    const left = (segment: Fields, maps: readonly string[]) => this.#spoken.left(segment.name, segment.valued, maps, options);
    const pass = new Pass(run, map, place(map, fields), new Set(options.drop ?? []), left);
    pass.run();
    checkLab(run, pass.labs);
    const bundle = finish({ drafts, drop: options.drop ?? [], run, key: this.#key, control: [message.get("MSH-4") ?? "", message.controlId], kind: options.bundle ?? "message", bundle: pass.bundle, patient: pass.patient });
    return { bundle, problems };
  }

  #structure(message: Hl7Message, options: MapOptions): string {
    if (options.message !== undefined) return options.message;
    const structure = message.get("MSH-9.3") ?? "";
    if (Object.hasOwn(this.#tables.messages, structure)) return structure;
    const event = message.type;
    return this.#tables.events[event] ?? this.#tables.events[event.replace(/\^.*/, "^*")] ?? "";
  }
}

function zoneOf(time: string): string {
  const [, hours, minutes] = /([+-]\d{2})(\d{2})$/.exec(time) ?? [];
  return hours === undefined ? "" : `${hours}:${minutes}`;
}

function lineOf(message: Hl7Message, segment: string): number {
  const [, name = "", index = "1"] = /^(\w{3})(?:\[(\d+)\])?$/.exec(segment) ?? [];
  let n = 0;
  const at = message.segments.findIndex((each) => each.name === name && ++n === Number(index));
  return at + 1;
}

function rowsOf(maps: Readonly<Record<string, readonly Row[]>>, name: string): readonly Row[] | undefined {
  if (Object.hasOwn(maps, name)) return maps[name];
  const wanted = name.toLowerCase();
  const found = Object.keys(maps).find((each) => each.toLowerCase() === wanted);
  return found === undefined ? undefined : maps[found];
}

/** An OBX that became an observation. */
export interface Lab {
  readonly draft: Draft;
  readonly fields: Fields;
  readonly spot: Spot;
}

type Here = Placed<Fields>;

/** Goes through the placed segments once, then ties the resources together. */
class Pass {
  readonly labs: Lab[] = [];
  readonly bundle: Draft;
  readonly #run: Run;
  readonly #map: MessageMap;
  readonly #placed: readonly Here[];
  readonly #drop: ReadonlySet<string>;
  readonly #left: (segment: Fields, maps: readonly string[]) => readonly number[];
  /** Resources by the group that holds them and their label. */
  readonly #made = new Map<Group, Map<string, Draft[]>>();
  readonly #homes: ReadonlyMap<string, { readonly path: string; readonly each: boolean }>;
  readonly #root: Group;
  readonly #spots = new Map<Fields, string>();

  constructor(run: Run, map: MessageMap, placed: readonly Here[], drop: ReadonlySet<string>, left: (segment: Fields, maps: readonly string[]) => readonly number[]) {
    this.#run = run;
    this.#map = map;
    this.#placed = placed;
    this.#drop = drop;
    this.#left = left;
    let root = (placed[0] as Here).group;
    while (root.parent) root = root.parent;
    this.#root = root;
    this.bundle = new Draft("Bundle", root);
    this.#homes = homesOf(map);
    const seen = new Map<string, number>();
    for (const { segment } of placed) {
      const n = (seen.get(segment.name) ?? 0) + 1;
      seen.set(segment.name, n);
      this.#spots.set(segment, n === 1 ? segment.name : `${segment.name}[${n}]`);
    }
  }

  get patient(): Draft | undefined {
    return this.#below(this.#root, "Patient[1]")[0];
  }

  run(): void {
    const ties: { readonly here: Here; readonly reference: string; readonly own: Draft }[] = [];
    for (const here of this.#placed) {
      const rows = this.#map.places[here.place]?.[2] ?? [];
      // What a channel drops, it drops knowingly.
      const dropped = rows.flatMap(([target, map]) => (this.#drop.has(readTarget(target).type) || this.#drop.has(map) ? [map] : []));
      const used: string[] = [];
      for (const row of rows) {
        const own = this.#row(here, row);
        if (own === undefined) continue;
        if (this.#run.rows("segments", row[1])?.length) used.push(row[1]);
        for (const reference of row[2] ?? []) ties.push({ here, reference, own });
      }
      const segment = this.#spots.get(here.segment) ?? "";
      if (used.length === 0 && dropped.length === 0) this.#run.problem("MAP-210", { segment, field: 0, repetition: 1 });
      if (used.length === 0 || here.segment.name === "MSH") continue;
      for (const field of this.#left(here.segment, [...used, ...dropped])) this.#run.problem("MAP-211", { segment, field, repetition: 1 });
    }
    for (const { here, reference, own } of ties) this.#tie(here, reference, own);
  }

  #row(here: Here, [target, map, , when]: PlaceRow): Draft | undefined {
    const { type, label, path } = readTarget(target);
    if (this.#drop.has(type) || this.#drop.has(map)) return undefined;
    const sight = this.#sight(here, 0, nothing);
    if (when && !holds(when, sight)) return undefined;
    const rows = this.#run.rows("segments", map);
    if (rows === undefined) return undefined;
    const draft = type === "Bundle" ? this.bundle : this.#resource(here, type, label);
    const segment = this.#spots.get(here.segment) ?? "";
    const cursor = { ...draft.cursor, key: "" };
    // `ServiceRequest[1].note` with rows that write to `note` themselves: the published maps say it both ways.
    const start = path === "" || rows.every(([, to]) => to.startsWith(`${path}.`)) ? cursor : this.#at(cursor, path, { segment, field: 0, repetition: 1 });
    if (start === undefined) return undefined;
    for (const row of rows) this.#field(here, start, row, segment);
    if (type === "Observation" && here.segment.name === "OBX") this.labs.push({ draft, fields: here.segment, spot: { segment, field: 5, repetition: 1 } });
    return draft;
  }

  #at(cursor: Draft["cursor"], path: string, spot: Spot) {
    const target = this.#run.targets.read(cursor.home, path, false);
    const end = target && walk(cursor, target, spot, this.#run);
    return end?.step === undefined ? end?.cursor : undefined;
  }

  #field(here: Here, at: Draft["cursor"], [from, to, map, table, constant, when]: Row, segment: string): void {
    const [, name, number, part] = /^([A-Z0-9]{3})(?:-(\d+)(?:\.(\d+))?)?$/.exec(from) ?? [];
    if (name !== here.segment.name) return;
    const field = Number(number ?? 0);
    let values: readonly Value[] = number === undefined ? [nothing] : here.segment.all(field);
    // A constant may stand for a field that is missing.
    if (values.length === 0 && constant && when && saysMissing(when, from)) values = [nothing];
    for (const [i, whole] of values.entries()) {
      const value = part === undefined ? whole : whole.part(Number(part));
      if (when && !holds(when, this.#sight(here, field, whole))) continue;
      const spot: Spot = { segment, field, repetition: i + 1 };
      if (i > 0 && this.#isOneOnly(at, to, map)) {
        this.#run.problem("MAP-209", spot);
        continue;
      }
      if (to.includes("[each]")) this.#each(at, to, value, { map, table, constant }, spot);
      else if (constant) setConstant(this.#run, at, to, this.#joined(constant, here, whole), spot);
      else if (number === undefined) fill(this.#run, at, map ?? "", value, table, spot);
      else put(this.#run, at, to, value, { map, table }, spot);
      if (/^(?:ORC|OBR|OBX|SPM|SCH|TXA|RXA|PV1|DG1|IAM)$/.test(name) && /(?:^EI|^CX|^EIP)\[/.test(map ?? "")) at.draft.keys.push(`${from}:${whole.whole()}`);
    }
  }

  /** Whether a value becomes a resource that one reference alone points to, such as `requester`: a second person must not be mixed into the first. */
  #isOneOnly(at: Draft["cursor"], to: string, map: string | null | undefined): boolean {
    const steps = this.#run.targets.read(at.home, to, false)?.steps ?? [];
    const last = steps.at(-1);
    return last?.type === "Reference" && (last.to !== undefined || Boolean(map)) && steps.every((step) => !step.repeated);
  }

  /** A component for each repetition of OBX-5; other fields go to all of them. */
  #each(at: Draft["cursor"], to: string, value: Value, how: { readonly map?: string | null | undefined; readonly table?: string | null | undefined; readonly constant?: string | readonly string[] | null | undefined }, spot: Spot): void {
    const many = this.#countOf(at, spot);
    const only = spot.field === 5 ? [spot.repetition] : Array.from({ length: many }, (_, i) => i + 1);
    for (const n of only) {
      const one = { ...spot, field: 5, repetition: n };
      const path = to.replace("[each]", `[1]`);
      if (how.constant) setConstant(this.#run, at, path, join(how.constant, value), one);
      else put(this.#run, at, path, value, how, one);
    }
  }

  #countOf(_at: Draft["cursor"], spot: Spot): number {
    const here = this.#placed.find(({ segment }) => this.#spots.get(segment) === spot.segment);
    return here?.segment.all(5).length ?? 0;
  }

  #joined(constant: string | readonly string[], here: Here, value: Value): string {
    if (typeof constant === "string") return constant;
    return constant.map((each) => (each.startsWith("'") ? each.slice(1) : (this.#sight(here, Number(/-(\d+)/.exec(each)?.[1] ?? 0), value).values(each)[0] ?? ""))).join("");
  }

  /** Values of other segments are those nearest: of the same group, then of the groups around it. */
  #sight(here: Here, field: number, value: Value): Sight {
    const read = (path: string): { readonly all: readonly Value[]; readonly part: number | undefined; readonly sub: number; readonly whole: boolean } => {
      const own = /^[.-](\d+)/.exec(path) ?? /^(?:CWE|CX|XAD|ORC\.|OBR\.|HD|XPN|XON|EI|EIP)[.-](\d+)$/.exec(path);
      if (own && !/^(?:ORC|OBR)/.test(path)) return { all: [value], part: Number(own[1]), sub: 1, whole: false };
      const [, name = "", number, part, sub] = /^([A-Z][A-Z0-9]{2})(?:[-.](\d+)(?:\.(\d+)(?:\.(\d+))?)?)?$/.exec(path) ?? [];
      const fields = name === here.segment.name ? here.segment : this.#nearest(here, name);
      if (number === undefined) return { all: fields === undefined ? [] : [one], part: undefined, sub: 1, whole: true };
      const all = name === here.segment.name && Number(number) === field && value !== nothing ? [value] : (fields?.all(Number(number)) ?? []);
      return { all, part: part === undefined ? undefined : Number(part), sub: Number(sub ?? 1), whole: false };
    };
    return {
      values: (path) => {
        const { all, part, sub } = read(path);
        // A field is valued when any of its parts is.
        return all.map((each) => (part === undefined ? each.text() || each.whole() : each.text(part, sub)));
      },
      count: (path) => {
        const [, name, number] = /^([A-Z][A-Z0-9]{2})-(\d+)/.exec(path) ?? [];
        return name === here.segment.name ? here.segment.all(Number(number)).length : read(path).all.length;
      },
    };
  }

  #nearest(here: Here, name: string): Fields | undefined {
    for (let group: Group | undefined = here.group; group; group = group.parent) {
      const inside = this.#placed.find((each) => each.segment.name === name && isWithin(each.group, group) && sees(here.group, each.group));
      if (inside) return inside.segment;
    }
    return undefined;
  }

  #resource(here: Here, type: string, label: string): Draft {
    const home = this.#homes.get(label) ?? { path: "", each: false };
    let group: Group = here.group;
    while (group.path !== home.path && group.parent) group = group.parent;
    let labels = this.#made.get(group);
    if (labels === undefined) this.#made.set(group, (labels = new Map()));
    const made = labels.get(label) ?? [];
    labels.set(label, made);
    const last = made.at(-1);
    const segment = this.#spots.get(here.segment) ?? "";
    if (last !== undefined && !(home.each && made.length > 0 && last.segment !== segment)) return last;
    const draft = this.#run.make(type, here.group);
    draft.segment = segment;
    made.push(draft);
    return draft;
  }

  /** Resources of a label in a group and below it. */
  #below(group: Group, label: string): Draft[] {
    return [...(this.#made.get(group)?.get(label) ?? []), ...group.children.flatMap((child) => this.#below(child, label))];
  }

  /** The resources of a label that are nearest to a segment: its own, else those of the closest group that has any. */
  #visible(here: Here, label: string, own: Draft): readonly Draft[] {
    const segment = this.#spots.get(here.segment);
    for (let group: Group | undefined = here.group; group; group = group.parent) {
      const found = this.#below(group, label).filter((each) => sees(here.group, each.group));
      const mine = found.filter((each) => each === own || each.segment === segment);
      if (mine.length > 0 && this.#homes.get(label)?.each) return mine;
      if (found.length > 0) return found;
    }
    return [];
  }

  #tie(here: Here, reference: string, own: Draft): void {
    const [, from = "", index, path = "", to = "", toIndex] = /^([A-Za-z]+)(\[[^\]]*\])?\.(.+?)=([A-Za-z]+)(\[[^\]]*\])?(?:\.id)?$/.exec(reference) ?? [];
    if (from === "" || /["/]/.test(reference)) return;
    const fixed = from.replace("Immunzation", "Immunization");
    const labels = (type: string, stated: string | undefined) => {
      const label = `${type}${stated ?? "[1]"}`;
      return this.#homes.has(label) ? label : ([...this.#homes.keys()].find((each) => each.startsWith(`${type}[`)) ?? label);
    };
    const sources = this.#visible(here, labels(fixed, index), own);
    for (const source of sources.includes(own) ? [own] : sources.slice(-1)) {
      for (const target of own.type === to && own !== source ? [own] : this.#visible(here, labels(to, toIndex), own)) this.#refer(source, path, target, this.#spots.get(here.segment) ?? "");
    }
  }

  #refer(source: Draft, path: string, target: Draft, segment: string): void {
    const found = this.#run.targets.read(source.cursor.home, path.replace(/\.(?:reference|id)$/, ""), false);
    const last = found?.steps.at(-1);
    if (found === undefined || last?.type !== "Reference" || source === target) return;
    // The same reference stands once at an element.
    if (source.references.some((each) => each.to === target && within(source.node, found.steps.map((step) => step.name), each.node))) return;
    const tag = found.steps.length === 1 && last.repeated ? `${segment}>${source.references.length}` : segment;
    const end = walk(source.cursor, found, { segment: tag, field: 0, repetition: 1 }, this.#run);
    if (end.step === undefined && end.cursor.node["reference"] === undefined) refer(end.cursor, target, true);
  }
}

const one = { text: () => "1", whole: () => "1" } as unknown as Value;

function within(node: unknown, names: readonly string[], wanted: unknown): boolean {
  if (Array.isArray(node)) return node.some((each) => within(each, names, wanted));
  if (names.length === 0) return node === wanted;
  return typeof node === "object" && node !== null && within((node as Record<string, unknown>)[names[0] ?? ""], names.slice(1), wanted);
}

function isWithin(group: Group, outer: Group): boolean {
  for (let at: Group | undefined = group; at; at = at.parent) if (at === outer) return true;
  return false;
}

/** Whether a condition holds because the field itself is not there. */
function saysMissing(when: Condition, from: string): boolean {
  if (when[0] === "!") return when[1][0] === "v" && when[1][1] === from;
  return (when[0] === "&" || when[0] === "|") && when.slice(1).some((each) => saysMissing(each as Condition, from));
}

/** `Observation[2].note` → the resource, its label, and the path inside. */
function readTarget(target: string): { readonly type: string; readonly label: string; readonly path: string } {
  const [, type = "", index, path = ""] = /^([A-Za-z]+)(\[[^\]]*\])?(?:\.(.*))?$/.exec(target) ?? [];
  return { type, label: `${type}${index ?? "[1]"}`, path };
}

/** Where the resources of a label live: the group around all segments that write to it, or each segment on its own where a single one repeats. */
function homesOf(map: MessageMap): ReadonlyMap<string, { readonly path: string; readonly each: boolean }> {
  const found = new Map<string, { path: string; places: Set<string>; each: boolean }>();
  for (const [at, repeats, rows] of map.places) {
    const group = at.slice(0, Math.max(0, at.length - 4));
    for (const [target] of rows) {
      const { label } = readTarget(target);
      const known = found.get(label);
      if (known === undefined) found.set(label, { path: group, places: new Set([at]), each: repeats === 1 });
      else {
        known.places.add(at);
        known.path = common(known.path, group);
        if (known.places.size > 1) known.each = false;
      }
    }
  }
  return found;
}

function common(a: string, b: string): string {
  const [left, right] = [a.split("."), b.split(".")];
  const out: string[] = [];
  for (let i = 0; i < left.length && left[i] === right[i]; i++) out.push(left[i] ?? "");
  return out.join(".");
}
