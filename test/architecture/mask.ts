/**
 * Source text with comments blanked, and on demand with what stands in strings, templates and regular expressions blanked too;
 * line numbers stay. Enough of JavaScript's lexis for reading imports and names, not a parser.
 */
export function mask(source: string, keep: "strings" | "code"): string {
  let out = "";
  let at = 0;
  let lastCode = ""; // last character of code, to tell a regular expression from a division
  const blank = (to: number) => {
    out += source.slice(at, to).replace(/[^\n]/g, " ");
    at = to;
  };
  const text = (to: number) => {
    if (keep === "strings") {
      out += source.slice(at, to);
      at = to;
    } else blank(to);
  };
  const templates: number[] = []; // depth of braces inside each open `${`
  while (at < source.length) {
    const c = source[at] ?? "";
    const two = source.slice(at, at + 2);
    if (two === "//") blank(lineEnd(source, at));
    else if (two === "/*") blank(after(source, "*/", at + 2));
    else if (c === '"' || c === "'") {
      text(stringEnd(source, at, c));
      lastCode = c;
    } else if (c === "`" || (c === "}" && templates.at(-1) === 0)) {
      if (c === "}") templates.pop();
      const end = templateEnd(source, at + 1);
      if (source.startsWith("${", end - 2)) templates.push(0);
      text(end);
      lastCode = source.startsWith("${", end - 2) ? "{" : "`";
    } else if (c === "/" && /^$|[(,=:[!&|?{};+\-*%<>~^]/.test(lastCode)) {
      text(regexEnd(source, at));
      lastCode = "/";
    } else {
      if (templates.length > 0 && c === "{") templates.push((templates.pop() ?? 0) + 1);
      if (templates.length > 0 && c === "}") templates.push((templates.pop() ?? 0) - 1);
      if (!/\s/.test(c)) lastCode = c;
      out += c;
      at += 1;
    }
  }
  return out;
}

function lineEnd(source: string, from: number): number {
  const at = source.indexOf("\n", from);
  return at < 0 ? source.length : at;
}

function after(source: string, what: string, from: number): number {
  const at = source.indexOf(what, from);
  return at < 0 ? source.length : at + what.length;
}

function stringEnd(source: string, from: number, quote: string): number {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === quote || source[at] === "\n") return at + 1;
  }
  return source.length;
}

/** End of a stretch of template text: after its closing back-tick or its `${`. */
function templateEnd(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === "`") return at + 1;
    else if (source.startsWith("${", at)) return at + 2;
  }
  return source.length;
}

function regexEnd(source: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < source.length; at++) {
    const c = source[at];
    if (c === "\\") at += 1;
    else if (c === "\n") return at;
    else if (c === "[") inClass = true;
    else if (c === "]") inClass = false;
    else if (c === "/" && !inClass) return at + 1;
  }
  return source.length;
}
