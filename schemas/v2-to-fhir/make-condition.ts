/** A condition of the maps in a small machine form: `["v", "PID-5"]` is valued, `["=", "OBX-2", ["NM"]]`, `["#", "OBX-5", ">", 1]` counts
 * repetitions, `["l", "PID-7", ">", 8]` measures a length, `["!", c]`, `["&", …]`, `["|", …]`. */
export type Condition =
  | readonly ["v", string]
  | readonly ["=", string, readonly string[]]
  | readonly ["#" | "l", string, "<" | ">" | "=", number]
  | readonly ["!", Condition]
  | readonly ["&" | "|", ...Condition[]];

interface Token {
  readonly kind: "path" | "text" | "number" | "word";
  readonly text: string;
}

const shapes = /\s*(?:"([^"]*)"|'([^']*)'|([A-Z][A-Z0-9]{1,2}[-.]\d+(?:\.\d+)*|(?!NOT|AND)[A-Z][A-Z0-9]{2}(?=\s+(?:NOT\s+)?(?:IS\s+)?VALUED))|(\d+)|([A-Za-z.]+)|([()=<>,]+))/y;

function tokensOf(text: string): Token[] {
  const out: Token[] = [];
  shapes.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    shapes.lastIndex = at;
    const m = shapes.exec(text);
    if (m === null) throw new Error(`no condition: ${text}`);
    at = shapes.lastIndex;
    const [, quoted, single, path, number, word, sign] = m;
    const value = quoted ?? single;
    if (value !== undefined) out.push({ kind: "text", text: value });
    else if (path !== undefined) out.push({ kind: "path", text: path });
    else if (number !== undefined) out.push({ kind: "number", text: number });
    else if (word !== undefined) {
      const up = word.toUpperCase();
      if (!["IF", "IS", "AREA"].includes(up)) out.push({ kind: "word", text: up === "VALUE" || up === "VALUED" ? "VALUED" : up });
    } else for (const each of sign ?? "") if (each !== ",") out.push({ kind: "word", text: each });
  }
  return out;
}

/** Reads what stands under "Computable ANTLR". `own`: what is meant where a condition names no path. Throws for prose. */
export function readCondition(text: string, own: string): Condition {
  const tokens = tokensOf(text.replaceAll(/\bPL3\.NOT\b/g, "PL.3 NOT").trim());
  let at = 0;
  let subject = own;
  const peek = (n = 0) => tokens[at + n];
  const word = (text: string) => (peek()?.kind === "word" && peek()?.text === text ? (at++, true) : false);
  const fail = (): never => {
    throw new Error(`no condition: ${text}`);
  };
  const either = (): Condition => {
    const parts = [both()];
    while (word("OR")) parts.push(both());
    return parts.length === 1 ? (parts[0] as Condition) : ["|", ...parts];
  };
  const both = (): Condition => {
    const parts = [one()];
    // Two tests without a word between them are both meant.
    while (word("AND") || (peek() !== undefined && peek()?.text !== "OR" && peek()?.text !== ")")) parts.push(one());
    return parts.length === 1 ? (parts[0] as Condition) : ["&", ...parts];
  };
  const list = (): string[] => {
    if (!word("(")) return fail();
    const values: string[] = [];
    while (peek()?.kind === "text") values.push((tokens[at++] as Token).text);
    if (!word(")")) fail();
    return values;
  };
  const one = (): Condition => {
    if (word("(")) {
      const inner = either();
      // One row opens a parenthesis and never closes it.
      if (at < tokens.length && !word(")")) fail();
      return inner;
    }
    if (peek()?.kind === "path") {
      subject = (tokens[at++] as Token).text;
      // "PID-33 AND PID-34 VALUED": the test stands once, behind the last path.
      const next = peek();
      if (next === undefined || next.text === "AND" || next.text === "OR") return ["v", subject];
    }
    return test(subject);
  };
  const test = (path: string): Condition => {
    if (word("NOT") || word("DOES")) {
      word("NOT");
      if (peek()?.kind === "text") return ["!", ["=", path, [(tokens[at++] as Token).text]]];
      return ["!", test(path)];
    }
    if (word("VALUED") || word("EXIST")) return path === subject && word("NOT") ? (word("EQUAL"), at++, ["v", path]) : ["v", path];
    if (word("EMPTY")) return ["!", ["v", path]];
    if (word("IN")) return ["=", path, list()];
    if (word("LST.COUNT") || word("COUNT")) return measured("#", path);
    if (word("LENGTH")) return measured("l", path);
    if (word("EQUALS") || word("EQUAL") || word("=")) {
      word("TO");
      const value = tokens[at++];
      return value?.kind === "text" ? ["=", path, [value.text]] : fail();
    }
    if (peek()?.kind === "text") return ["=", path, [(tokens[at++] as Token).text]];
    return fail();
  };
  const measured = (kind: "#" | "l", path: string): Condition => {
    let sign: "<" | ">" | "=" = "=";
    let plus = 0;
    if (word("GREATER") || word(">")) sign = ">";
    else if (word("LESS") || word("<")) sign = "<";
    word("THAN");
    if (word("OR")) plus = 1;
    word("EQUALS");
    word("=");
    const value = tokens[at++];
    if (value?.kind !== "number") return fail();
    return [kind, path, sign, Number(value.text) + (sign === "<" ? plus : 0)];
  };
  const condition = either();
  if (at < tokens.length) fail();
  return condition;
}
