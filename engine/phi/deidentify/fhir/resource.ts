import type { Json } from "../../../codec/json/index.ts";
import type { DeidentifyContext } from "../context.ts";
import { bundleOf } from "./bundle.ts";
import { isResource } from "./elements.ts";
import { MessageIds } from "./ids.ts";
import { isObject, type JsonObject, listAt, textAt } from "./json.ts";
import { MessagePatients } from "./patients.ts";
import type { Action, Rows } from "./rows.ts";
import type { Scope } from "./scope.ts";
import { securityOf } from "./security.ts";
import { objectAt } from "./walk.ts";

/** One message: what its resources share. */
export class Message {
  readonly #actions: ReadonlyMap<string, Action>;
  readonly #context: DeidentifyContext;
  readonly #ids: MessageIds;
  readonly #patients: MessagePatients;

  constructor(root: Json, { actions }: Rows, context: DeidentifyContext) {
    this.#actions = actions;
    this.#context = context;
    this.#ids = new MessageIds(root, context);
    this.#patients = new MessagePatients(root, context);
  }

  /** A resource as it may leave; nothing for one that no policy keeps, or that lost what makes it valid. */
  resource(value: Json): JsonObject | undefined {
    const type = this.#typeOf(value);
    if (type === undefined || !isObject(value)) return undefined;
    if (type === "Bundle") return bundleOf(value, this.#ids, (each) => this.resource(each), this.#security(value));
    const contained = this.#contained(value);
    const whole = this.#walked(type, value, contained.names);
    if (!whole) return undefined;
    const { meta, ...rest } = whole;
    // A resource without anything but its type says nothing.
    if (Object.keys(rest).length === 0 && contained.resources.length === 0) return undefined;
    return {
      resourceType: type,
      ...rest,
      meta: { ...(isObject(meta) && meta), security: this.#security(value) },
      ...(contained.resources.length > 0 && { contained: contained.resources }),
    };
  }

  /** Contained first: what is left of them decides which references hold. */
  #contained(value: JsonObject): { readonly resources: readonly JsonObject[]; readonly names: ReadonlyMap<string, string> } {
    const all = listAt(value, "contained");
    const names = new Map(all.map((each, i) => [`#${textAt(each, "id")}`, `#c${i + 1}`]));
    const resources = all.flatMap((each, i) => {
      const type = this.#typeOf(each);
      const become = type === undefined || type === "Bundle" || !isObject(each) ? undefined : this.#walked(type, each, names);
      if (type === undefined || !become) {
        names.delete(`#${textAt(each, "id")}`);
        return [];
      }
      const { meta: _, ...rest } = become;
      return [{ resourceType: type, ...rest, id: `c${i + 1}` }];
    });
    return { resources, names };
  }

  #walked(type: string, value: JsonObject, contained: ReadonlyMap<string, string>): JsonObject | undefined {
    const { contained: _, ...own } = value;
    const scope: Scope = {
      actions: this.#actions,
      context: this.#patients.contextOf(value),
      type,
      ids: this.#ids,
      contained,
      resource: (each) => this.resource(each),
    };
    return objectAt(type, own, scope);
  }

  #typeOf(value: Json): string | undefined {
    const type = textAt(value, "resourceType");
    return isResource(type) && this.#actions.get(type) === "walk" ? type : undefined;
  }

  #security(value: JsonObject): readonly JsonObject[] {
    return securityOf(value, this.#context.spec);
  }
}
