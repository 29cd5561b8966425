import type { Body } from "./body.ts";
import type { Node } from "./graph.ts";
import { isNode, listOf } from "./graph.ts";
import { SegmentDraft } from "./segment.ts";
import { attachmentPieces, typeOfValue, writeRange, writeValue } from "./value.ts";
import type { Writing } from "./writing.ts";

/** Which observations belong to which report, and which to none. */
export class Results {
  readonly #w: Writing;
  readonly #used = new Set<Node>();

  constructor(w: Writing) {
    this.#w = w;
  }

  /** Results of a report in its order, with those that they have as members. */
  of(report: Node): readonly Node[] {
    return this.#pointed(report, "result").flatMap((each) => this.below(each));
  }

  /** An observation and its members, each once. */
  below(observation: Node): readonly Node[] {
    if (this.#used.has(observation)) return [];
    this.#used.add(observation);
    return [observation, ...this.#pointed(observation, "hasMember").flatMap((each) => this.below(each))];
  }

  /** Observations of a specimen itself. */
  about(specimen: Node): readonly Node[] {
    const found = this.#w.graph.of("Observation").filter((each) => this.#w.nodes(each, "focus").some((reference) => this.#w.graph.resolve(reference, each) === specimen));
    for (const each of found) this.#w.graph.markAll(each, "focus");
    return found.flatMap((each) => this.below(each));
  }

  /** Observations that no report and no other observation names. */
  *loose(): Generator<Node> {
    const members = new Set(this.#w.graph.of("Observation").flatMap((each) => this.#pointed(each, "hasMember")));
    const all = this.#w.graph.of("Observation").filter((each) => !this.#w.graph.isContained(each));
    for (const each of all) if (!this.#used.has(each) && !members.has(each)) yield each;
    // Those that name each other in a circle.
    for (const each of all) if (!this.#used.has(each)) yield each;
  }

  #pointed(resource: Node, name: string): readonly Node[] {
    return this.#w.nodes(resource, name).flatMap((reference) => {
      const found = this.#w.graph.resolve(reference, resource);
      if (found?.["resourceType"] !== "Observation") return [];
      this.#w.graph.mark([[reference, "reference"], [reference, "type"], [reference, "display"]]);
      return [found];
    });
  }
}

interface Around {
  /** The group that gets an OBSERVATION for each OBX; or, with `isFlat`, the OBX themselves. */
  readonly body: Body;
  readonly report?: Node | undefined;
  /** The OBR before it is of this very observation. */
  readonly isOrder?: boolean;
  readonly isFlat?: boolean;
  /** OBX-29: an answer to a question of the order. */
  readonly isAsked?: boolean;
}

/** OBX and NTE of an observation, and an OBX for each of its components. */
export function observationSegments(w: Writing, observation: Node, around: Around): void {
  const { body, report, isOrder = false, isFlat = false, isAsked = false } = around;
  for (const name of ["subject", "encounter", "basedOn", "specimen"]) for (const reference of w.nodes(observation, name)) if (w.graph.resolve(reference, observation)) w.graph.markAll(observation, name);
  const components = w.nodes(observation, "component");
  const code = JSON.stringify(observation["code"]);
  const isRepeated = components.length > 0 && typeOfValue(observation) === "" && components.every((each) => JSON.stringify(each["code"]) === code && typeOfValue(each) === typeOfValue(components[0] as Node));
  const id = components.length > 0 && !isRepeated ? body.nextResult() : undefined;
  const obx = new SegmentDraft(w, "OBX");
  const hasValue = writeValue(w, obx, isRepeated ? components : [observation], observation);
  // What is a heading alone is said by the OBR.
  const isHeading = !hasValue && isOrder && (components.length > 0 || observation["hasMember"] !== undefined) && observation["note"] === undefined;
  const place = isHeading ? undefined : isFlat ? body : body.group("OBSERVATION");
  if (place !== undefined) {
    obx.set(1, id ?? body.nextResult()).fill({ map: "OBX[Observation]", root: observation }, ...(report ? [{ map: "OBX[DiagnosticReport]", root: report }] : []));
    if (id !== undefined) obx.set(4, id);
    if (isAsked && w.version.field("OBX", 29) !== undefined) obx.set(29, "QST");
    writeRange(w, obx, observation);
    if (isRepeated) {
      for (const component of components) {
        writeRange(w, obx, component);
        w.graph.markAll(component, "code", "referenceRange");
      }
    }
    place.add(obx.text());
    if (!isFlat) notes(w, observation, place);
  } else w.graph.markAll(observation, "code", "status");
  if (isRepeated) return;
  for (const component of components) {
    const inner = new SegmentDraft(w, "OBX");
    writeValue(w, inner, [component], observation);
    inner.set(1, place === undefined && component === components[0] ? (id as string) : body.nextResult()).set(4, id as string);
    inner.fill({ map: "OBX[Component]", root: observation, base: component }, { map: "OBX[Parent]", root: observation });
    writeRange(w, inner, component);
    (isFlat ? body : body.group("OBSERVATION")).add(inner.text());
  }
}

function notes(w: Writing, observation: Node, place: Body): void {
  for (const [i, note] of w.nodes(observation, "note").entries()) {
    place.add(new SegmentDraft(w, "NTE").set(1, String(i + 1)).fill({ map: "NTE[Observation]", root: observation, base: note }).text());
  }
}

/** Documents of a report, each an OBX of its own with the code of the report. */
export function reportedForms(w: Writing, report: Node, body: Body): void {
  for (const form of listOf(report["presentedForm"]).filter(isNode)) {
    const made = attachmentPieces(w, form);
    if (made === undefined) continue;
    const obx = new SegmentDraft(w, "OBX").set(1, body.nextResult()).set(2, "ED").set(5, made);
    obx.fill({ map: "OBX[Form]", root: report });
    body.group("OBSERVATION").add(obx.text());
  }
}
