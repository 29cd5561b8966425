import type { Graph, Node } from "./graph.ts";
import { isNode, listOf } from "./graph.ts";
import type { At } from "./path.ts";
import type { BackTables, BackVocabulary, Finding } from "./tables.ts";
import { primitiveText } from "./text.ts";
import type { Version } from "./versions.ts";

/** What every part of one run shares, and how it reads: what is read is marked, so that the rest can be told. */
export class Writing {
  readonly graph: Graph;
  readonly tables: BackTables;
  readonly version: Version;
  readonly findings: Finding[] = [];
  /** Patients of whom only a reference tells, by the identifier in it. */
  readonly spokenOf = new Map<Node, Node>();
  readonly #systems: ReadonlyMap<string, string>;
  readonly #authorities: ReadonlyMap<string, string>;

  constructor(graph: Graph, tables: BackTables, version: Version, own: { readonly systems?: Readonly<Record<string, string>>; readonly authorities?: Readonly<Record<string, string>> }) {
    this.graph = graph;
    this.tables = tables;
    this.version = version;
    this.#systems = turned(own.systems);
    this.#authorities = turned(own.authorities);
  }

  tell(code: Finding["code"], path: string): void {
    this.findings.push({ code, path });
  }

  /** Text of a primitive below a node; empty when there is none. */
  text(node: Node, name: string): string {
    const [value] = listOf(node[name]);
    if (value === undefined || isNode(value)) return "";
    this.graph.mark([[node, name]]);
    return primitiveText(value, node, name);
  }

  /** All texts of a repeating primitive. */
  texts(node: Node, name: string): readonly string[] {
    const all = listOf(node[name]).filter((each) => each !== null && !isNode(each));
    if (all.length > 0) this.graph.mark([[node, name]]);
    return all.map((each) => primitiveText(each));
  }

  nodes(node: Node, name: string): readonly Node[] {
    return listOf(node[name]).filter(isNode);
  }

  node(node: Node, name: string): Node | undefined {
    return this.nodes(node, name)[0];
  }

  /** Value of an extension of a node, or of a primitive below it, by the end of its url. */
  extension(node: Node, name: string, value: string): string {
    const found = this.nodes(node, "extension").find(({ url }) => typeof url === "string" && url.endsWith(`/${name}`));
    const text = found === undefined ? "" : this.text(found, value);
    if (found !== undefined && text !== "") this.graph.mark([[found, "url"]]);
    return text;
  }

  vocabulary(name: string): BackVocabulary | undefined {
    return Object.hasOwn(this.tables.vocabulary, name) ? this.tables.vocabulary[name] : undefined;
  }

  /** Name of HL7 table 0396 for the URI of a code system, or what the channel calls it; nothing for one without a name. */
  systemName(uri: string): string | undefined {
    return this.#systems.get(uri) ?? (Object.hasOwn(this.tables.systems, uri) ? this.tables.systems[uri] : undefined) ?? /^http:\/\/terminology\.hl7\.org\/CodeSystem\/v2-(\d{4})$/.exec(uri)?.[1]?.replace(/^/, "HL7");
  }

  /** Namespace of an assigning authority by the URI that FHIR has for it. */
  namespace(uri: string): string | undefined {
    return this.#authorities.get(uri) ?? (Object.hasOwn(this.tables.systems, uri) ? this.tables.systems[uri] : undefined);
  }

  /** The resource or reference at hand: a resource of one of these types, else the reference itself when nothing is known behind it. */
  behind(at: At, ...types: readonly string[]): Node | undefined {
    if (!isNode(at.value)) return undefined;
    if (typeof at.value["resourceType"] === "string") return types.includes(at.value["resourceType"]) ? at.value : undefined;
    const to = this.graph.resolve(at.value, at.root);
    if (to === undefined) {
      // A literal reference or its type says what it would be.
      const said = /([A-Za-z]+)\/[^/]+$/.exec(String(at.value["reference"] ?? ""))?.[1] ?? at.value["type"];
      return said === undefined || types.includes(String(said)) ? at.value : undefined;
    }
    if (!types.includes(String(to["resourceType"]))) return undefined;
    this.graph.mark([[at.value, "reference"], [at.value, "type"], [at.value, "display"]]);
    return to;
  }
}

function turned(names: Readonly<Record<string, string>> | undefined): ReadonlyMap<string, string> {
  return new Map(Object.entries(names ?? {}).map(([name, uri]) => [uri, name]));
}
