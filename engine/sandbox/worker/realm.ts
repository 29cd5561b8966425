import type ivm from "isolated-vm";

/** A module of the engine's own code that runs inside: `name` is what other modules import it by, once resolved. */
export interface InsideModule {
  readonly name: string;
  readonly code: string;
  /** Specifier as written → name. */
  readonly imports: Readonly<Record<string, string>>;
}

/** An isolate with the linked codec and one channel's code, ready to run messages. */
export interface Realm {
  readonly isolate: ivm.Isolate;
  readonly run: ivm.Reference;
  readonly resume: ivm.Reference;
}

/** Makes the isolate of one channel. The last module is the entry: it exports `load`, `run` and `resume`. */
export function openRealm(
  vm: typeof ivm,
  modules: readonly InsideModule[],
  program: { readonly json: string; readonly memoryMb: number },
): Realm {
  const isolate = new vm.Isolate({ memoryLimit: program.memoryMb });
  const context = isolate.createContextSync();
  const compiled = new Map<string, ivm.Module>();
  const owner = new Map<ivm.Module, InsideModule>();
  for (const module of modules) {
    const unit = isolate.compileModuleSync(module.code, { filename: "sluice" });
    compiled.set(module.name, unit);
    owner.set(unit, module);
  }
  const entry = compiled.get(modules.at(-1)?.name ?? "");
  if (!entry) throw new Error("no entry module");
  entry.instantiateSync(context, (specifier, referrer) => {
    const found = compiled.get(owner.get(referrer)?.imports[specifier] ?? "");
    if (!found) throw new Error("a module is missing");
    return found;
  });
  entry.evaluateSync();
  const load = entry.namespace.getSync("load", { reference: true }) as ivm.Reference;
  load.applySync(undefined, [program.json]);
  return {
    isolate,
    run: entry.namespace.getSync("run", { reference: true }) as ivm.Reference,
    resume: entry.namespace.getSync("resume", { reference: true }) as ivm.Reference,
  };
}
