import { fixClock } from "./clock.ts";
import { hiddenIntrinsics } from "./intrinsics.ts";

/** Gone: code that is not JavaScript, shared memory, clocks, whatever tells when memory is freed, the console. */
const removed = ["WebAssembly", "SharedArrayBuffer", "Atomics", "FinalizationRegistry", "WeakRef", "ShadowRealm", "console"];

/** RegExp remembers the last match, a piece of content, in properties of its constructor; only these stay. */
const regExpKeeps = new Set<PropertyKey>(["length", "name", "prototype", "escape", Symbol.species]);

/**
 * Makes the realm a place where nothing can be left behind: every object that code can reach and that outlives a
 * message is frozen. Runs once, after all modules inside are evaluated and before guest code is.
 */
export function lockdown(own: readonly unknown[]): void {
  const hidden = hiddenIntrinsics();
  fixClock();
  for (const name of removed) delete (globalThis as never as Record<string, unknown>)[name];
  for (const key of Reflect.ownKeys(RegExp)) if (!regExpKeeps.has(key)) Reflect.deleteProperty(RegExp, key);
  Error.stackTraceLimit = 10;
  allowOverrides();
  freezeAll([globalThis, ...hidden, ...own]);
}

/**
 * A frozen prototype makes `object.name = ...` fail where the prototype has `name`. For the few names that programs do
 * write, an accessor gives the object its own property instead.
 */
function allowOverrides(): void {
  const errors = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError];
  for (const name of ["toString", "valueOf", "constructor"]) overridable(Object.prototype, name);
  for (const kind of errors) for (const name of ["name", "message", "toString", "constructor"]) overridable(kind.prototype, name);
}

function overridable(proto: object, name: string): void {
  const found = Object.getOwnPropertyDescriptor(proto, name);
  if (!found || !("value" in found)) return;
  const { value } = found;
  Object.defineProperty(proto, name, {
    configurable: true,
    enumerable: false,
    get: () => value,
    set(this: object, own: unknown) {
      if (this === proto) throw new TypeError("this object is frozen");
      Object.defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true });
    },
  });
}

function freezeAll(roots: readonly unknown[]): void {
  const seen = new Set<unknown>();
  const open: unknown[] = [...roots];
  while (open.length > 0) {
    const next = open.pop();
    if ((typeof next !== "object" && typeof next !== "function") || next === null || seen.has(next)) continue;
    seen.add(next);
    open.push(Object.getPrototypeOf(next));
    for (const key of Reflect.ownKeys(next)) {
      const property = Object.getOwnPropertyDescriptor(next, key);
      open.push(property?.value, property?.get, property?.set);
    }
    // A pattern of our own modules must move its `lastIndex`; guest code cannot reach it.
    if (!(next instanceof RegExp)) Object.freeze(next);
  }
}
