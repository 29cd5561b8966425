import { ExactNumber } from "../json/number.ts";
import type { Run } from "./datatype.ts";
import type { Draft, Node } from "./draft.ts";
import { type Home, isPrimitive } from "./elements.ts";
import { Identities } from "./identity.ts";
import { validity } from "./validity.ts";

interface Made {
  readonly drafts: readonly Draft[];
  /** Types that the channel does not want. */
  readonly drop: readonly string[];
  readonly run: Run;
  readonly key: string;
  /** MSH-4 and MSH-10. */
  readonly control: readonly string[];
  readonly kind: "message" | "transaction" | "collection";
  readonly bundle: Draft;
  readonly patient: Draft | undefined;
}

/** Kept even when nothing is known of them: others point to them. */
const always = new Set(["Patient", "MessageHeader"]);

/** Leaves out what stayed empty, adds what R4 asks for, mints ids, ties references, and puts all of it into a Bundle. */
export function finish({ drafts, drop, run, key, control, kind, bundle, patient }: Made): Node {
  const header = kind === "message" ? new Set<string>() : new Set(["MessageHeader", "Provenance"]);
  const wanted = without(drafts, (draft) => header.has(draft.type) || drop.includes(draft.type));
  const kept = filled(wanted);
  for (const draft of kept) complete(run, draft, patient);
  let whole = kept;
  // What loses a resource that it cannot be without goes too.
  for (let before = -1; before !== whole.length; ) {
    before = whole.length;
    const alive = new Set(whole);
    whole = whole.filter((draft) => isWhole(run, draft, alive));
  }
  const alive = new Set(whole);
  const ids = new Identities(run, { key, message: control, patient: patient && alive.has(patient) ? patient : undefined, drafts: whole, merges: kind === "transaction" });
  const minted = new Map(whole.map((draft) => [draft, ids.of(draft)]));
  for (const draft of whole) {
    for (const { node, to } of draft.references) {
      const id = minted.get(to);
      if (id !== undefined) node["reference"] = `urn:uuid:${id}`;
    }
  }
  const entries = new Map<string, Node>();
  for (const draft of ordered(whole)) {
    const id = minted.get(draft) ?? "";
    const resource = prune(draft.node) as Node | undefined;
    if (resource === undefined) continue;
    mend(run, resource, { type: draft.type, path: "" });
    const { resourceType, ...rest } = (prune(resource) ?? { resourceType: draft.type }) as Node;
    // Nothing points to a Provenance, so one without its agent can go.
    if (draft.type === "Provenance" && !run.elements.requiredOf({ type: draft.type, path: "" }).every((part) => hasPart(rest, part))) continue;
    const before = entries.get(id);
    if (before) join(before["resource"] as Node, rest);
    else {
      const type = String(resourceType);
      entries.set(id, {
        fullUrl: `urn:uuid:${id}`,
        resource: { resourceType, id, ...rest },
        ...(kind === "transaction" ? { request: { method: "PUT", url: `${type}/${id}` } } : {}),
      });
    }
  }
  const { identifier, timestamp } = bundle.node;
  return { resourceType: "Bundle", ...(identifier ? { identifier } : {}), type: kind, ...(timestamp ? { timestamp } : {}), entry: [...entries.values()] };
}

/** Drafts without some, and without those that only they pointed to. */
function without(drafts: readonly Draft[], isGone: (draft: Draft) => boolean): readonly Draft[] {
  const gone = new Set(drafts.filter(isGone));
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    const held = new Set(drafts.flatMap((draft) => (gone.has(draft) ? [] : draft.references.map(({ to }) => to))));
    for (const draft of [...gone]) for (const { to, tie } of draft.references) if (!tie && !held.has(to)) gone.add(to);
  }
  return drafts.filter((draft) => !gone.has(draft));
}

/** Drafts with something in them, or that point to one that has. */
function filled(drafts: readonly Draft[]): Draft[] {
  const full = new Set(drafts.filter((draft) => always.has(draft.type) || Object.keys((prune(draft.node) as Node | undefined) ?? {}).length > 1));
  for (let before = -1; before !== full.size; ) {
    before = full.size;
    for (const draft of drafts) if (draft.references.some(({ to, tie }) => !tie && full.has(to))) full.add(draft);
  }
  return drafts.filter((draft) => full.has(draft));
}

function ordered(drafts: readonly Draft[]): readonly Draft[] {
  return [...drafts.filter((each) => each.type === "MessageHeader"), ...drafts.filter((each) => each.type !== "MessageHeader")];
}

/** Adds what R4 requires and a message may leave unsaid. */
function complete(run: Run, draft: Draft, patient: Draft | undefined): void {
  for (const [name, value] of Object.entries(run.tables.required[draft.type] ?? {})) {
    // A status that is an alternate code still has to say `unknown`; what is marked as absent must not be there.
    const stands = name.startsWith("_") ? hasPart(draft.node, name.slice(1)) : Object.keys(draft.node).some((each) => each === name || (name.endsWith("[x]") && each.startsWith(name.slice(0, -3))));
    if (!stands) draft.node[name.replace("[x]", "CodeableConcept")] = JSON.parse(JSON.stringify(value)) as unknown;
  }
  const subject = run.tables.subject[draft.type];
  if (subject !== undefined && patient !== undefined && draft.node[subject] === undefined) {
    const node: Node = {};
    draft.node[subject] = node;
    draft.references.push({ node, to: patient, tie: true });
  }
}

/** Whether nothing is missing that R4 requires of the resource itself. */
function isWhole(run: Run, draft: Draft, alive: ReadonlySet<Draft>): boolean {
  const dangles = (value: unknown) => draft.references.some(({ node, to }) => node === value && !alive.has(to));
  const node = Object.fromEntries(Object.entries(draft.node).filter(([, value]) => !dangles(value)));
  return run.elements.requiredOf({ type: draft.type, path: "" }).every((part) => hasPart(node, part));
}

/** Gives parts what they lack, or leaves out those that cannot be without it. */
function mend(run: Run, node: Node, home: Home): void {
  onePerChoice(run, node, home);
  for (const [name, value] of Object.entries(node)) {
    const element = name.startsWith("_") ? undefined : run.elements.find(home, name);
    const type = element?.types[0];
    if (element === undefined || type === undefined || isPrimitive(type) || type === "Extension" || type === "Resource") continue;
    const below = run.elements.homeOf(home, name, type);
    const kept = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "object" && each !== null) as Node[];
    const usual = run.tables.required[`${home.type}${home.path === "" ? "" : `.${home.path}`}.${name}`] ?? {};
    for (const each of kept) {
      for (const [part, stated] of Object.entries(usual)) if (!hasPart(each, part.replace(/^_/, ""))) each[part] = JSON.parse(JSON.stringify(stated)) as unknown;
      mend(run, each, below);
    }
    const whole = kept.filter((each) => run.elements.requiredOf(below).every((part) => hasPart(each, part)) && meets(home, name, each));
    if (Array.isArray(value)) node[name] = whole;
    else if (whole.length === 0) delete node[name];
  }
  if (home.path === "") validity[home.type]?.(node);
}

/** A choice such as `occurrence[x]` has one type. A structure says more than a primitive: TQ1 more than OBR-6, which it replaced in v2.5. */
function onePerChoice(run: Run, node: Node, home: Home): void {
  const chosen = new Map<string, string>();
  for (const name of Object.keys(node)) {
    const choice = name.startsWith("_") ? undefined : run.elements.find(home, name)?.choice;
    if (choice === undefined) continue;
    const other = chosen.get(choice);
    const gone = other === undefined ? undefined : typeof node[other] !== "object" && typeof node[name] === "object" ? other : name;
    if (gone !== undefined) {
      delete node[gone];
      delete node[`_${gone}`];
    }
    if (gone !== name) chosen.set(choice, name);
  }
}

/** Invariants of R4 that a field of a message can break: app-1, pat-1, org-2, org-3. */
function meets({ type, path }: Home, name: string, node: Node): boolean {
  if (path !== "") return true;
  const any = (...parts: readonly string[]) => parts.some((part) => hasPart(node, part));
  if (type === "Appointment" && name === "participant") return any("type", "actor");
  if (type === "Patient" && name === "contact") return any("name", "telecom", "address", "organization");
  if (type === "Organization" && (name === "telecom" || name === "address") && node["use"] === "home") delete node["use"];
  return true;
}

function hasPart(node: Node, part: string): boolean {
  const plain = part.replace("[x]", "");
  return Object.keys(node).some((each) => each === plain || each === `_${plain}` || (part !== plain && each.startsWith(plain)));
}

/** Without empty objects and lists, and without extensions that say nothing. */
function prune(value: unknown): unknown {
  if (value instanceof ExactNumber || typeof value !== "object" || value === null) return value === "" ? undefined : value;
  if (Array.isArray(value)) {
    const kept = value.map(prune).filter((each) => each !== undefined);
    return kept.length > 0 ? kept : undefined;
  }
  const out: Node = {};
  for (const [name, each] of Object.entries(value)) {
    const whole = prune(each);
    const kept = name === "extension" && Array.isArray(whole) ? whole.filter((one) => Object.keys(one as Node).length > 1) : whole;
    if (kept !== undefined && !(Array.isArray(kept) && kept.length === 0)) out[name] = kept;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

/** Two descriptions of the same thing become one that has what either says. */
function join(into: Node, from: Node): void {
  for (const [name, value] of Object.entries(from)) {
    const had = into[name];
    if (had === undefined) into[name] = value;
    else if (Array.isArray(had) && Array.isArray(value)) {
      const known = new Set(had.map((each) => JSON.stringify(each)));
      into[name] = [...had, ...value.filter((each) => !known.has(JSON.stringify(each)))];
    }
  }
}
