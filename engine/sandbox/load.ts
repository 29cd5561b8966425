import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { EngineError } from "../sdk/index.ts";
import { withoutTypes } from "./without-types.ts";
import type { InsideModule } from "./worker/realm.ts";

const here = import.meta.dirname;
const root = join(here, "..");

/** Names declared at the top level of a module, in the style of this repository: at the beginning of a line. */
const declared = /^(?:export\s+)?(?:default\s+)?(?:async\s+)?(class|function\*?|const|let|var)\s+([A-Za-z_$][\w$]*)/gm;
const imported = /^\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']/gm;

const read: { text?: string } = {};

/** The modules as workers are sent them: read when a message first needs them, once a process. */
export function insideText(): string {
  return (read.text ??= JSON.stringify(insideModules()));
}

/**
 * Reads the engine's own modules that run inside, from the entry down, types stripped. To each it adds a call that hands
 * over everything declared at its top level, so that the realm can freeze classes that no export shows. A module with
 * state of its own (`let`, `var`) is refused: it could carry content from one message to the next.
 */
export function insideModules(entry = join(here, "inside", "main")): InsideModule[] {
  const seal = fileOf(join(here, "inside", "seal"));
  const done = new Map<string, InsideModule>();
  const visit = (file: string): string => {
    const name = relative(root, file);
    if (done.has(name)) return name;
    if (file.endsWith(".json")) {
      // Facts: an object literal, which is as quickly read as the text that it is.
      done.set(name, { name, code: sealing(`const facts = ${readFileSync(file, "utf8")};\nexport default facts;`, name), imports: { [sealSpecifier]: relative(root, seal) } });
      return name;
    }
    const source = sourceOf(file);
    const imports: Record<string, string> = {};
    done.set(name, { name, code: file === seal ? source : sealing(source, name), imports });
    for (const [, from, bare] of source.matchAll(imported)) {
      const specifier = from ?? bare ?? "";
      imports[specifier] = specifier.startsWith(".") ? visit(fileOf(join(dirname(file), specifier))) : visitLibrary(specifier, import.meta.filename);
    }
    imports[sealSpecifier] = relative(root, seal);
    return name;
  };
  const visitLibrary = (specifier: string, importer: string): string => {
    const wanted = libraries[specifier];
    if (wanted === undefined) throw new EngineError("SBX-302", { module: specifier });
    if (done.has(specifier)) return specifier;
    const file = createRequire(importer).resolve(specifier);
    const source = readFileSync(file, "utf8");
    const imports: Record<string, string> = { [sealSpecifier]: relative(root, seal) };
    done.set(specifier, { name: specifier, code: asModule(source, wanted), imports });
    for (const each of requiredBy(source)) imports[each] = visitLibrary(each, file);
    return specifier;
  };
  visit(seal);
  const last = visit(fileOf(entry));
  const modules = [...done.values()];
  return [...modules.filter((each) => each.name !== last), ...modules.filter((each) => each.name === last)];
}

/**
 * The only code of others that runs inside, with the names it exports: pure ECMAScript, without state of its own, and reached by the codec
 * alone. Guest code never holds an object of it.
 */
const libraries: Readonly<Record<string, readonly string[]>> = {
  saxes: ["SaxesParser"],
  "xmlchars/xml/1.0/ed5": [],
  "xmlchars/xml/1.1/ed2": [],
  "xmlchars/xmlns/1.0/ed3": [],
};

/** A CommonJS file as a module: what it requires is imported, what it exports is sealed. */
function asModule(source: string, names: readonly string[]): string {
  const required = requiredBy(source);
  return [
    ...required.map((each, i) => `import $${i} from "${each}";`),
    `const $required = { ${required.map((each, i) => `"${each}": $${i}`).join(", ")} };`,
    `const $exports = {};`,
    // What is declared once is a constant here: a library with a state of its own fails at its first change.
    `(function (exports, require) {\n${source.replace(/^(?:var|let)\b/gm, "const")}\n})($exports, (name) => $required[name]);`,
    `export default $exports;`,
    ...names.map((name) => `export const ${name} = $exports.${name};`),
    `import { seal as $seal } from "${sealSpecifier}"; $seal($exports, $required);`,
  ].join("\n");
}

function requiredBy(source: string): string[] {
  return Array.from(source.matchAll(/\brequire\("([^"]+)"\)/g), ([, name = ""]) => name);
}

const sealSpecifier = "sluice:seal";

function sealing(source: string, name: string): string {
  const names: string[] = [];
  for (const [, word, declaredName = ""] of source.matchAll(declared)) {
    if (word === "let" || word === "var") throw new EngineError("SBX-302", { module: name });
    names.push(declaredName);
  }
  return `${source}\nimport { seal as $seal } from "${sealSpecifier}"; $seal(${names.join(", ")});`;
}

/** Sources in development are `.ts`, in the published package `.js`. */
function fileOf(path: string): string {
  if (path.endsWith(".json") && existsSync(path)) return path;
  const stem = path.replace(/\.[jt]s$/, "");
  for (const file of [`${stem}.ts`, `${stem}.js`]) if (existsSync(file)) return file;
  throw new EngineError("SBX-302", { module: relative(root, stem) });
}

function sourceOf(file: string): string {
  const source = file.endsWith(".ts") ? withoutTypes(file) : readFileSync(file, "utf8");
  return source.replace(/(\.json") with \{ type: "json" \}/g, "$1");
}
