/** A word or a sign of JavaScript; strings, templates, patterns and comments are passed over. */
export interface Token {
  readonly text: string;
  readonly start: number;
  /** How many brackets stand open around it. */
  readonly depth: number;
}

const space = /(?:\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)+/y;
const word = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /\.?\d[\w.]*/y;
const text = /"(?:[^"\\\n\r]|\\[\s\S])*"|'(?:[^'\\\n\r]|\\[\s\S])*'/y;
const pattern = /\/(?:[^/\\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+\/\w*/y;
const quasi = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;

/** After these words a slash begins a pattern; after any other word it divides. */
const beforePattern = /^(?:return|typeof|case|do|else|in|of|instanceof|new|void|delete|throw|yield|await|default)$/;

export function* tokens(source: string): Generator<Token> {
  let at = 0;
  let last = "";
  /** Kinds of the brackets that are open; "`" stands for a substitution inside a template. */
  const open: string[] = [];
  const take = (shape: RegExp): string => {
    shape.lastIndex = at;
    const found = shape.exec(source)?.[0] ?? "";
    at += found.length;
    return found;
  };
  const template = () => {
    take(quasi);
    if (source.startsWith("${", at)) open.push("`");
    at += source.startsWith("${", at) ? 2 : 1;
    last = open.at(-1) === "`" && source.charAt(at - 1) === "{" ? "{" : "`";
  };
  while (at < source.length) {
    if (take(space) !== "") continue;
    const start = at;
    const sign = source.charAt(at);
    if (sign === "`") {
      at++;
      template();
    } else if (sign === "}" && open.at(-1) === "`") {
      open.pop();
      at++;
      template();
    } else if (take(text) !== "") last = '"';
    else if (sign === "/" && dividesNot(last) && take(pattern) !== "") last = "/x/";
    else if (take(number) !== "") last = "0";
    else {
      const found = take(word) || source.charAt(at++);
      if (/[)\]}]/.test(found)) open.pop();
      yield { text: found, start, depth: open.length };
      if (/[([{]/.test(found)) open.push(found);
      last = found;
    }
  }
}

function dividesNot(last: string): boolean {
  if (/^[\p{ID_Start}$_#]/u.test(last)) return beforePattern.test(last);
  return !/^(?:[)\]}"`0]|\/x\/)$/.test(last);
}
