import { type Elements, type Home, isPrimitive } from "./elements.ts";

/** A step of a target path: `performer[2](PractitionerRole…)`. */
interface Written {
  readonly name: string;
  readonly index: string;
  /** The resource that the reference points to. */
  readonly to?: string;
}

export interface Step extends Written {
  readonly repeated: boolean;
  readonly type: string;
  /** Where its parts stand; those of a reference with `to` stand in the other resource. */
  readonly below: Home;
}

/** A target path below some home, with what FHIR R4 knows of each step. */
export interface Target {
  readonly steps: readonly Step[];
  /** The step that takes another place for each repetition of the field; -1 for none. */
  readonly repeats: number;
}

/** Reads target paths as the maps write them, and remembers them. */
export class Targets {
  readonly #elements: Elements;
  readonly #known = new Map<string, Target | undefined>();

  constructor(elements: Elements) {
    this.#elements = elements;
  }

  /** Nothing for a path that FHIR R4 does not have. `constant`: the row writes a constant. */
  read(home: Home, path: string, constant: boolean): Target | undefined {
    const key = `${home.type}/${home.path}/${path}/${constant}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#resolve(home, path, constant));
    return this.#known.get(key);
  }

  #resolve(home: Home, path: string, constant: boolean): Target | undefined {
    const steps: Step[] = [];
    let at = home;
    for (const written of stepsOf(path)) {
      const below = steps.at(-1)?.below ?? home;
      at = below;
      const step = this.#step(at, written);
      if (step === undefined) return undefined;
      // `note(Annotation.text)` names the type of the element itself.
      steps.push(step.to === step.type ? { ...step, to: undefined as never } : step);
    }
    const repeated = steps.flatMap((step, i) => (step.repeated ? [i] : []));
    const stated = steps.findIndex((step) => step.repeated && step.index !== "");
    return { steps, repeats: stated >= 0 ? stated : ((constant ? repeated[0] : repeated.at(-1)) ?? -1) };
  }

  #step(home: Home, written: Written): Step | undefined {
    let { name } = written;
    if (isPrimitive(home.type)) home = { type: "Element", path: "" };
    let element = this.#elements.find(home, name);
    if ((element === undefined || element.types.length > 1) && written.to !== undefined) {
      const reference = this.#elements.find(home, `${name}Reference`);
      if (reference) [name, element] = [`${name}Reference`, reference];
    }
    const type = element?.types[0];
    if (element === undefined || type === undefined) return undefined;
    const below = written.to !== undefined && type === "Reference" ? { type: written.to, path: "" } : this.#elements.homeOf(home, name, type);
    if (written.to !== undefined && type === "Reference" && !this.#elements.isResource(written.to)) return undefined;
    return { ...written, name, repeated: element.repeated, type, below };
  }
}

function stepsOf(path: string): Written[] {
  const out: Written[] = [];
  const shape = /([A-Za-z]+)(?:\[([^\]}]*)[\]}]?)?(\()?/g;
  let into = false;
  for (const [, name = "", index = "", opens] of path.matchAll(shape)) {
    const last = out.at(-1);
    if (into && last) out[out.length - 1] = { ...last, to: name };
    // `recorder.reference(Practitioner…)` is the reference itself.
    else if (!(name === "reference" && last !== undefined)) out.push({ name, index });
    into = opens !== undefined;
  }
  return out;
}
