import type { Node, ObjectNode } from "../json/node.ts";
import { isAbsolute } from "./primitive.ts";
import { itemsOf, type Pointer, type Run, textOf } from "./run.ts";

/** Follows the references of a message as far as it holds what they lead to, and checks the kind of what they name. */
export function followReferences(run: Run): void {
  const bundles = new Map<ObjectNode, ReadonlyMap<string, ObjectNode>>();
  const entriesOf = (bundle: ObjectNode) => {
    const known = bundles.get(bundle) ?? index(bundle);
    bundles.set(bundle, known);
    return known;
  };
  for (const pointer of run.references) follow(pointer, entriesOf, run);
}

/** Resources of a Bundle by the URL of their entries. */
function index(bundle: ObjectNode): ReadonlyMap<string, ObjectNode> {
  const out = new Map<string, ObjectNode>();
  for (const entry of itemsOf(bundle.members.get("entry"))) {
    const resource = entry.kind === "object" ? entry.members.get("resource") : undefined;
    const url = textOf(entry, "fullUrl");
    if (resource?.kind === "object" && url !== "" && !out.has(url)) out.set(url, resource);
  }
  return out;
}

const literal = /^(?:(https?:\/\/.*\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64}))(?:\/_history\/[A-Za-z0-9.-]{1,64})?(?:#.*)?$/;

function follow(pointer: Pointer, entriesOf: (bundle: ObjectNode) => ReadonlyMap<string, ObjectNode>, run: Run): void {
  const { node, path, within } = pointer;
  const { report, definitions } = run;
  const reference = textOf(node, "reference");
  const type = textOf(node, "type");
  if (type !== "" && /^[A-Za-z]+$/.test(type) && !definitions.isResource(type)) report.error("FHR-131", "structure", path, node.start);
  if (reference === "") return void named(type, pointer, run);
  if (reference.startsWith("#")) {
    const found = reference === "#" ? within.container : contained(within.container, reference.slice(1));
    if (found === undefined) return report.error("FHR-130", "invariant", path, node.start, "ref-1");
    return named(textOf(found, "resourceType"), pointer, run, found);
  }
  const [, base, kind = "", id = ""] = literal.exec(reference) ?? [];
  const isOfStandard = definitions.isResource(kind);
  if (kind === "" && !isAbsolute(reference)) {
    // Alone it may mean something to a server; in a Bundle it can lead nowhere.
    if (within.entry === undefined) report.note("FHR-132", "structure", path, node.start);
    else report.error("FHR-132", "invalid", path, node.start);
  }
  const { entry } = within;
  if (entry === undefined) return named(isOfStandard ? kind : type, pointer, run);
  const entries = entriesOf(entry.bundle);
  const isRelative = base === undefined && kind !== "";
  const isUrn = /^urn:(?:uuid|oid):/.test(reference);
  if (isRelative && entry.fullUrl === "" && !/^(?:batch|transaction)/.test(textOf(entry.bundle, "type"))) report.error("FHR-133", "required", path, node.start);
  const [, root = ""] = /^(https?:\/\/.*\/)[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.exec(entry.fullUrl) ?? [];
  const url = isRelative ? `${root}${kind}/${id}` : reference.replace(/[#|].*$/, "").replace(/\/_history\/[^/]+$/, "");
  // Among entries that are not RESTful an id is what a UUID ends with.
  const found = entries.get(url) ?? (isRelative && root === "" ? (entries.get(`urn:uuid:${id}`) ?? entries.get(`urn:oid:${id}`)) : undefined);
  if (found === undefined) {
    // What a Composition refers to is part of the document (FHIR R4 3.3.1).
    const isOfDocument = textOf(entry.bundle, "type") === "document" && textOf(within.resource, "resourceType") === "Composition";
    if (isOfDocument && (isUrn || isOfStandard)) report.error("FHR-130", "not-found", path, node.start);
    else if (isUrn) report.note("FHR-130", "not-found", path, node.start);
    return named(isOfStandard ? kind : type, pointer, run);
  }
  const own = textOf(found, "resourceType");
  if (isOfStandard && own !== kind) report.error("FHR-131", "required", path, node.start);
  named(own, pointer, run, found);
}

function contained(container: ObjectNode, id: string): ObjectNode | undefined {
  return itemsOf(container.members.get("contained")).find((each): each is ObjectNode => each.kind === "object" && textOf(each, "id") === id);
}

/** Whether the type that a reference names is one that its element may lead to. */
function named(type: string, { targets, path, node }: Pointer, { report, definitions }: Run, _found?: Node): void {
  if (type === "" || targets.length === 0 || !definitions.isResource(type)) return;
  const fits = targets.some((target) => {
    const of = definitions.profile(target)?.type ?? (definitions.group(target) === undefined ? undefined : target);
    return of === undefined || definitions.isA(type, of);
  });
  if (!fits) report.error("FHR-131", "structure", path, node.start);
}
