import { type Token, tokens } from "./tokens.ts";

/** One name that a module takes from another: `default`, `*` for all of them, or a name; `local` is what it is called here. */
export interface Imported {
  readonly imported: string;
  readonly local: string;
}

export interface ImportForm {
  /** As written: a relative path. */
  readonly path: string;
  readonly offset: number;
  readonly names: readonly Imported[];
}

/** A module made ready to run as the body of a function, each character in its place; or why not, and where. */
export type ModuleForm =
  | {
      readonly text: string;
      /** What must be in scope of the text. */
      readonly imports: readonly ImportForm[];
      /** Names that others may import. */
      readonly exports: readonly string[];
    }
  | { readonly code: "SBX-103" | "SBX-104"; readonly offset: number; readonly length: number };

const identifier = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
const importShape = new RegExp(
  `import\\s+(?:(?<main>${identifier})\\s*(?:,\\s*)?)?(?:\\*\\s*as\\s+(?<all>${identifier})\\s*|\\{(?<list>[^{}'"]*)\\}\\s*)?from\\s*(?:"(?<double>[^"\\n]+)"|'(?<single>[^'\\n]+)')[ \\t]*;?`,
  "uy",
);
const exportList = /export\s*\{(?<list>[^{}'"]*)\}[ \t]*(?!\s*from\b);?/uy;
const listItem = new RegExp(`^(?<name>${identifier})(?:\\s+as\\s+(?<as>${identifier}))?$`, "u");

/** After one of these words a comma belongs to another statement. */
const begins = /^(?:const|let|var|function|class|async|export|import|if|for|while|do|switch|try|return|throw)$/;

/**
 * Turns `export default` into an assignment, since a module's top level must run anew for every message. Imports are taken out and become
 * names in scope; the exports of a library are gathered at the end. What this misses stays behind as a syntax error of a function
 * body, so it fails closed.
 */
export function moduleForm(source: string, role: "entry" | "library" = "entry"): ModuleForm {
  const list = [...tokens(source)];
  const at = (index: number) => list[index]?.text;
  const imports: ImportForm[] = [];
  const exports = new Map<string, string>();
  let text = source;
  let tail = "";
  let found = 0;
  const blank = (from: number, to: number, put = "") => {
    const gap = text.slice(from, to).replace(/[^\n\r]/g, " ");
    text = text.slice(0, from) + put + gap.slice(put.length) + text.slice(to);
  };
  for (const [index, token] of list.entries()) {
    if (token.text === "import" && at(index - 1) !== "." && at(index + 1) !== ":") {
      const form = token.depth === 0 ? importAt(source, token.start) : undefined;
      if (!form) return refuse("SBX-103", token);
      imports.push(form.import);
      blank(token.start, form.end);
      continue;
    }
    if (token.text !== "export" || token.depth > 0 || at(index - 1) === ".") continue;
    const next = list[index + 1];
    if (next?.text === "{") {
      const form = exportsAt(source, token.start);
      if (!form) return refuse("SBX-104", token);
      for (const { imported: name, local: as } of form.names) {
        if (as === "default") found++;
        if (as === "default") tail += `\n$export.f = ${name};`;
        else exports.set(as, name);
      }
      blank(token.start, form.end);
      continue;
    }
    if (next?.text !== "default") {
      const name = next && exportedName(list, index + 1);
      if (name === undefined) return refuse("SBX-104", token);
      exports.set(name, name);
      blank(token.start, token.start + 6);
      continue;
    }
    if (++found > 1) return refuse("SBX-104", token);
    const name = declaredName(list, index + 2);
    // A line break between the two words would cut the assignment, so the words must stand together.
    if (!name && text.slice(token.start, next.start).length !== 7) return refuse("SBX-104", token);
    blank(token.start, next.start + 7, name ? "" : "$export.f =");
    if (name) tail += `\n$export.f = ${name};`;
  }
  if (found > 1 || (found === 0 && role === "entry")) return { code: "SBX-104", offset: 0, length: 0 };
  if (role === "library") tail += `\n$export.all = { ${[...exports].map(([as, name]) => `${as}: ${name}`).join(", ")} };`;
  return { text: text + tail, imports, exports: [...exports.keys(), ...(found === 1 ? ["default"] : [])] };
}

function refuse(code: "SBX-103" | "SBX-104", token: Token): ModuleForm {
  return { code, offset: token.start, length: token.text.length };
}

function importAt(source: string, start: number): { readonly import: ImportForm; readonly end: number } | undefined {
  importShape.lastIndex = start;
  const groups = importShape.exec(source)?.groups;
  const named = groups?.list === undefined ? [] : namesOf(groups.list);
  if (!groups || !named || !(groups.main ?? groups.all ?? groups.list !== undefined)) return undefined;
  const names = [
    ...(groups.main === undefined ? [] : [{ imported: "default", local: groups.main }]),
    ...(groups.all === undefined ? [] : [{ imported: "*", local: groups.all }]),
    ...named,
  ];
  return { import: { path: groups.double ?? groups.single ?? "", offset: start, names }, end: importShape.lastIndex };
}

function exportsAt(source: string, start: number): { readonly names: readonly Imported[]; readonly end: number } | undefined {
  exportList.lastIndex = start;
  const names = namesOf(exportList.exec(source)?.groups?.list);
  return names && { names, end: exportList.lastIndex };
}

/** `a, b as c`; nothing when it is anything else. */
function namesOf(list: string | undefined): Imported[] | undefined {
  const items = list?.split(",").map((item) => item.trim()).filter((item) => item !== "");
  const names = items?.map((item) => listItem.exec(item)?.groups);
  if (!names || names.some((groups) => groups === undefined)) return undefined;
  return names.map((groups) => ({ imported: groups?.name ?? "", local: groups?.as ?? groups?.name ?? "" }));
}

/** The one name that `export const name = …` and its like declare; nothing when there are several, or a pattern. */
function exportedName(list: readonly Token[], from: number): string | undefined {
  const word = list[from]?.text ?? "";
  if (/^(?:function|class|async)$/.test(word)) return declaredName(list, from);
  if (!/^(?:const|let|var)$/.test(word)) return undefined;
  const name = list[from + 1]?.text;
  if (name === undefined || !isName(name)) return undefined;
  for (let index = from + 2; index < list.length; index++) {
    const token = list[index];
    if (!token || (token.depth === 0 && (token.text === ";" || begins.test(token.text)))) break;
    if (token.depth === 0 && token.text === ",") return undefined;
  }
  return name;
}

/** `function name`, `async function* name`, `class name`: a declaration, which keeps its name in the module. */
function declaredName(list: readonly Token[], from: number): string | undefined {
  let index = from;
  if (list[index]?.text === "async" && list[index + 1]?.text === "function") index++;
  const word = list[index]?.text;
  if (word !== "function" && word !== "class") return undefined;
  if (list[index + 1]?.text === "*") index++;
  const name = list[index + 1]?.text;
  return name !== undefined && isName(name) && name !== "extends" ? name : undefined;
}

function isName(text: string): boolean {
  return /^[\p{ID_Start}$_]/u.test(text);
}
