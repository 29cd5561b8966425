import { type Token, tokens } from "./tokens.ts";

/** A module made ready to run as the body of a function, each character in its place; or why not, and where. */
export type ModuleForm =
  | { readonly text: string }
  | { readonly code: "SBX-103" | "SBX-104"; readonly offset: number; readonly length: number };

/**
 * Turns `export default` into an assignment, since a module's top level must run anew for every message. Other exports
 * lose their keyword. What this misses stays behind as a syntax error of a function body, so it fails closed.
 */
export function moduleForm(source: string): ModuleForm {
  const list = [...tokens(source)];
  const at = (index: number) => list[index]?.text;
  let text = source;
  let tail = "";
  let found = 0;
  const blank = (from: number, to: number, put = "") => {
    const gap = text.slice(from, to).replace(/[^\n\r]/g, " ");
    text = text.slice(0, from) + put + gap.slice(put.length) + text.slice(to);
  };
  for (const [index, token] of list.entries()) {
    if (token.text === "import" && at(index - 1) !== "." && at(index + 1) !== ":") return refuse("SBX-103", token);
    if (token.text !== "export" || token.depth > 0 || at(index - 1) === ".") continue;
    const next = list[index + 1];
    if (next?.text !== "default") {
      if (next === undefined || !/^(?:const|let|var|function|class|async)$/.test(next.text)) return refuse("SBX-104", token);
      blank(token.start, token.start + 6);
      continue;
    }
    if (++found > 1) return refuse("SBX-104", token);
    const name = declaredName(list, index + 2);
    // A line break between the two words would cut the assignment, so the words must stand together.
    if (!name && text.slice(token.start, next.start).length !== 7) return refuse("SBX-104", token);
    blank(token.start, next.start + 7, name ? "" : "$export.f =");
    if (name) tail = `\n$export.f = ${name};`;
  }
  return found === 1 ? { text: text + tail } : { code: "SBX-104", offset: 0, length: 0 };
}

function refuse(code: "SBX-103" | "SBX-104", token: Token): ModuleForm {
  return { code, offset: token.start, length: token.text.length };
}

/** `function name`, `async function* name`, `class name`: a declaration, which keeps its name in the module. */
function declaredName(list: readonly Token[], from: number): string | undefined {
  let index = from;
  if (list[index]?.text === "async" && list[index + 1]?.text === "function") index++;
  const word = list[index]?.text;
  if (word !== "function" && word !== "class") return undefined;
  if (list[index + 1]?.text === "*") index++;
  const name = list[index + 1]?.text;
  return name !== undefined && /^[\p{ID_Start}$_]/u.test(name) && name !== "extends" ? name : undefined;
}
