/** A place in a resource, `Patient.name[0].family`; written out only when something is found there. */
export class ElementPath {
  readonly #parent: ElementPath | undefined;
  readonly #step: string;
  readonly #index: number;

  constructor(step: string, parent?: ElementPath, index = -1) {
    this.#parent = parent;
    this.#step = step;
    this.#index = index;
  }

  child(step: string, index = -1): ElementPath {
    return new ElementPath(step, this, index);
  }

  toString(): string {
    const own = this.#index < 0 ? this.#step : `${this.#step}[${this.#index}]`;
    return this.#parent === undefined ? own : `${this.#parent}.${own}`;
  }
}
