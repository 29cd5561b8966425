import type { Json } from "../../../codec/json/index.ts";
import type { DeidentifyContext } from "../context.ts";
import type { MessageIds } from "./ids.ts";
import type { JsonObject } from "./json.ts";
import type { Action } from "./rows.ts";

/** What stands around a value. */
export interface Scope {
  readonly actions: ReadonlyMap<string, Action>;
  /** About the patient of the resource. */
  readonly context: DeidentifyContext;
  /** Of that resource. */
  readonly type: string;
  readonly ids: MessageIds;
  /** Local ids of contained resources, and what they became. */
  readonly contained: ReadonlyMap<string, string>;
  /** What a resource inside this one becomes. */
  resource(value: Json): JsonObject | undefined;
}
