import { EngineError } from "../../sdk/error.ts";
import { type Breaks, Line } from "./line.ts";

/** A component, and what stands between its BEGIN and END in order. */
export interface Component {
  /** In capitals; empty for the text as a whole. */
  readonly name: string;
  readonly begin?: Line;
  end?: Line;
  readonly items: (Line | Component)[];
}

/** What the reader takes. */
export interface IcalLimits {
  readonly depth?: number;
  readonly lines?: number;
  /** UTF-16 units of the text. */
  readonly length?: number;
}

export const defaultLimits: Required<IcalLimits> = Object.freeze({ depth: 32, lines: 1_000_000, length: 64 * 1024 * 1024 });

export interface Document {
  /** A byte-order mark, or nothing. */
  readonly mark: string;
  readonly root: Component;
  readonly breaks: Breaks;
}

/** Reads lines and nests them. Throws `ICS-0nn` with the line where the text cannot be read. */
export function readDocument(text: string, limits: IcalLimits = {}): Document {
  const { depth, lines: most, length } = { ...defaultLimits, ...limits };
  if (text.length > length) throw new EngineError("ICS-005", { most: length });
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const breaks = breaksOf(text);
  const root: Component = { name: "", items: [] };
  const open: Component[] = [root];
  const begins: number[] = [];
  let at = 1;
  let count = 0;
  for (const line of linesOf(text.slice(mark.length), breaks)) {
    if (++count > most) throw new EngineError("ICS-005", { most, line: at });
    const inner = open.at(-1) as Component;
    const begins_ = /^(BEGIN|END):/i.exec(line.raw)?.[1]?.toUpperCase();
    if (begins_ === undefined) {
      if (root.items.length === 0 && line.text !== "") throw new EngineError("ICS-001", { line: at });
      inner.items.push(line);
    } else {
      const name = line.value.trim().toUpperCase();
      if (!/^[A-Z0-9_-]+$/.test(name)) throw new EngineError("ICS-006", { line: at });
      if (begins_ === "BEGIN") {
        if (open.length > depth) throw new EngineError("ICS-004", { line: at, most: depth });
        const component: Component = { name, begin: line, items: [] };
        inner.items.push(component);
        open.push(component);
        begins.push(at);
      } else {
        if (open.length === 1) throw new EngineError("ICS-002", { line: at });
        inner.end = line;
        open.pop();
        begins.pop();
      }
    }
    at += line.height;
  }
  if (open.length > 1) throw new EngineError("ICS-003", { line: begins.at(-1) ?? 1 });
  if (!root.items.some((item) => !(item instanceof Line))) throw new EngineError("ICS-001", { line: 1 });
  return { mark, root, breaks };
}

/** Made for each text: nothing that code can reach through a message outlives it. */
function breaksOf(text: string): Breaks {
  const at = text.indexOf("\n");
  if (at < 0 && text.includes("\r")) return { fold: /\r[ \t]/g, eol: "\r" };
  return { fold: /\r?\n[ \t]/g, eol: at < 0 || text[at - 1] === "\r" ? "\r\n" : "\n" };
}

function* linesOf(text: string, breaks: Breaks): Generator<Line> {
  const end = breaks.eol === "\r" ? /\r/g : /\r?\n/g;
  let start = 0;
  for (;;) {
    if (start >= text.length) return;
    end.lastIndex = start;
    let found = end.exec(text);
    // A line that begins with white space goes on with the one before; an empty line has nothing to go on with.
    while (found !== null && found.index > start && /[ \t]/.test(text.charAt(end.lastIndex))) found = end.exec(text);
    if (found === null) {
      yield new Line(text.slice(start), "", breaks);
      return;
    }
    yield new Line(text.slice(start, found.index), found[0], breaks);
    start = found.index + found[0].length;
  }
}

export function isLine(item: Line | Component): item is Line {
  return item instanceof Line;
}

export function linesIn(component: Component): Line[] {
  return component.items.filter(isLine);
}

export function componentsIn(component: Component): Component[] {
  return component.items.filter((item): item is Component => !isLine(item));
}

/** Every line of a component in order, BEGIN and END included. */
export function* allLines(component: Component): Generator<Line> {
  if (component.begin) yield component.begin;
  for (const item of component.items) {
    if (isLine(item)) yield item;
    else yield* allLines(item);
  }
  if (component.end) yield component.end;
}
