import type { CodeModule, CodeSpec } from "../config/project.ts";
import { resolveImport } from "../config/read/code-imports.ts";
import type { Piece, Use } from "./inside/guest-code.ts";
import type { ImportForm, ModuleForm } from "./module-form.ts";

/** A module as far as it is read: its form, or the mistake that is reported already. */
export interface ReadModule {
  readonly piece: Omit<Piece, "uses">;
  readonly form: Exclude<ModuleForm, { code: string }> | undefined;
}

export interface LibraryPorts {
  /** Makes a piece of a module's file; its own mistakes are reported. */
  read(code: CodeSpec): ReadModule;
  report(code: "SBX-103" | "SBX-105", of: CodeSpec, offset: number, detail: string): void;
}

interface Entered {
  readonly at: number;
  readonly exports: ReadonlySet<string> | undefined;
}

/** The code library of a program: each file once, however many import it, in the order in which they can be made. */
export class CodeLibrary {
  readonly pieces: Piece[] = [];
  readonly #ports: LibraryPorts;
  readonly #entered = new Map<string, Entered>();
  readonly #open = new Set<string>();

  constructor(ports: LibraryPorts) {
    this.#ports = ports;
  }

  /** What a module takes from the library. Mistakes are reported at the import. */
  uses(code: CodeSpec, imports: readonly ImportForm[], modules: readonly CodeModule[] = []): Use[] {
    this.#open.add(code.file);
    const uses = imports.flatMap((each) => this.#usesOf(code, each, modules));
    this.#open.delete(code.file);
    return uses;
  }

  #usesOf(code: CodeSpec, { path, offset, names }: ImportForm, modules: readonly CodeModule[]): Use[] {
    const report = (kind: "SBX-103" | "SBX-105", detail: string) => {
      this.#ports.report(kind, code, offset, detail);
      return [];
    };
    const file = /^\.{1,2}\//.test(path) ? resolveImport(code.file, path) : undefined;
    if (file === undefined) return report("SBX-103", `"${path}" is no code file of the project`);
    if (this.#open.has(file)) return report("SBX-103", `${file} is imported in a circle`);
    const module = modules.find((one) => one.file === file);
    if (!module) return report("SBX-103", `there is no file ${file}`);
    const { at, exports } = this.#enter(module, modules);
    const missing = exports && names.find(({ imported }) => imported !== "*" && !exports.has(imported));
    if (missing) return report("SBX-105", `${file} exports no "${missing.imported}"`);
    return names.map(({ imported, local }) => ({ library: at, imported, local }));
  }

  #enter(module: CodeModule, modules: readonly CodeModule[]): Entered {
    const known = this.#entered.get(module.file);
    if (known) return known;
    const code: CodeSpec = { ...module, form: "module", line: 1, indent: 0 };
    const { piece, form } = this.#ports.read(code);
    const uses = this.uses(code, form?.imports ?? [], modules);
    const entered: Entered = { at: this.pieces.push({ ...piece, uses }) - 1, exports: form && new Set(form.exports) };
    this.#entered.set(module.file, entered);
    return entered;
  }
}
