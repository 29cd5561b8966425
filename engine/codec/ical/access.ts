import { EngineError } from "../../sdk/error.ts";
import { folded, longestLine } from "./fold.ts";
import { type Breaks, Line } from "./line.ts";
import { encodeParameter } from "./parameter.ts";
import { findComponents, findLines, findParameters, oddLine, type Path, propertyPath, type Scope } from "./path.ts";
import { type Component, isLine } from "./read.ts";
import { encodeRaw, encodeText, isTextual, type Span } from "./value.ts";
import { propertyRow } from "./properties.ts";

/** Decoded values at a path, over everything that it does not single out. */
export function* valuesAt(scope: Scope, path: string): Generator<string> {
  const { components, property, element, parameter } = propertyPath(path);
  if (property === undefined) return;
  for (const component of findComponents(scope, components)) {
    for (const line of findLines(component, property)) {
      if (parameter !== undefined) {
        const all = findParameters(line, parameter.name).flatMap(({ values }) => values.map(({ value }) => value));
        yield* parameter.index === undefined ? all : all.slice(parameter.index - 1, parameter.index);
      } else {
        const all = line.elements.map(({ value }) => value);
        yield* element === undefined ? all : all.slice(element - 1, element);
      }
    }
  }
}

/**
 * Writes the value at a path, escaped as its type asks. Where a step names no number the first is meant; a property or parameter that the component
 * does not have is added to it. `ICS-102` where there is no such place, `ICS-103` for a value that cannot stand there.
 */
export function setAt(scope: Scope, path: string, value: string | number, breaks: Breaks): void {
  const at = propertyPath(path);
  const text = asText(value);
  const component = findComponents(scope, at.components)[0];
  if (component === undefined || at.property === undefined || at.property.name === oddLine) throw new EngineError("ICS-102");
  const line = findLines(component, { ...at.property, index: at.property.index ?? 1 })[0] ?? added(component, at, breaks);
  if (at.parameter) setParameter(line, at.parameter.name, at.parameter.index ?? 1, text);
  else setValue(line, at.element, text);
}

/** Takes out what a path names: a property, all of that name without a number, or a parameter. Says how many there were. */
export function removeAt(scope: Scope, path: string): number {
  const at = propertyPath(path);
  if (at.property === undefined || at.element !== undefined) throw new EngineError("ICS-102");
  let count = 0;
  for (const component of findComponents(scope, at.components)) {
    for (const line of findLines(component, at.property)) {
      if (at.parameter === undefined) {
        component.items.splice(component.items.indexOf(line), 1);
        count++;
      } else {
        for (const { span } of findParameters(line, at.parameter.name).reverse()) {
          line.replace(span, "");
          count++;
        }
      }
    }
  }
  return count;
}

export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  throw new EngineError("ICS-103");
}

/** A property behind the others of its component; with a number, only the next one. */
function added(component: Component, { property, element, parameter }: Path, breaks: Breaks): Line {
  const { name = "", index = 1 } = property ?? {};
  const isNext = component.begin !== undefined && findLines(component, { name, index: undefined }).length === index - 1;
  if (!isNext || element !== undefined || parameter !== undefined || name === "BEGIN" || name === "END") throw new EngineError("ICS-102");
  return addLine(component, `${name}:`, breaks);
}

/** Behind the last property of a component, before what is nested in it. */
export function addLine(component: Component, text: string, breaks: Breaks): Line {
  const line = new Line(folded(text, breaks.eol), breaks.eol, breaks);
  const at = component.items.findIndex((item) => !isLine(item));
  component.items.splice(at < 0 ? component.items.length : at, 0, line);
  return line;
}

function setValue(line: Line, element: number | undefined, text: string): void {
  const { parts, elements, type, row } = line;
  if (!parts) throw new EngineError("ICS-102");
  if (element === undefined) {
    if (elements.length === 1 && elements[0]?.value === text) return;
    return line.replace(parts.value, isTextual(type) ? encodeText(text) : encodeRaw(text));
  }
  const found = elements[element - 1];
  if (found === undefined) throw new EngineError("ICS-102");
  if (found.value !== text) line.replace(found.span, isTextual(type) ? encodeText(text) : encodeRaw(text, row?.separator));
}

function setParameter(line: Line, name: string, index: number, text: string): void {
  const { parts } = line;
  if (!parts) throw new EngineError("ICS-102");
  const values = findParameters(line, name).flatMap((each) => each.values);
  const found = values[index - 1];
  if (found !== undefined) {
    if (found.value !== text) line.replace(found.span, encodeParameter(text, found.isQuoted));
    return;
  }
  if (index !== 1 || values.length > 0) throw new EngineError("ICS-102");
  const at = parts.parameters.at(-1)?.span.end ?? parts.nameEnd;
  line.replace({ start: at, end: at } satisfies Span, `;${name}=${encodeParameter(text)}`);
}

/** A new property as a content line, not yet folded. */
export function propertyLine(name: string, value: string | number | readonly (string | number)[], parameters: Readonly<Record<string, string | readonly string[]>> = {}): string {
  if (!/^[A-Za-z0-9-]+$/.test(name) || /^(?:BEGIN|END)$/i.test(name)) throw new EngineError("ICS-101");
  const upper = name.toUpperCase();
  const written = Object.entries(parameters).map(([key, each]) => {
    if (!/^[A-Za-z0-9-]+$/.test(key)) throw new EngineError("ICS-101");
    return `;${key.toUpperCase()}=${[each].flat().map((one) => encodeParameter(one)).join(",")}`;
  });
  const head = `${upper}${written.join("")}:`;
  const { type } = new Line(head, "", { fold: /\r?\n[ \t]/g, eol: "\r\n" });
  const separator = propertyRow(upper)?.separator;
  if (!Array.isArray(value)) return head + (isTextual(type) ? encodeText(asText(value)) : encodeRaw(asText(value)));
  return head + value.map((each) => (isTextual(type) ? encodeText(asText(each)) : encodeRaw(asText(each), separator))).join(separator ?? ",");
}

/** A value as it would stand at the place of a leaf, beginning on a line of its own where it must be folded. */
export function encodedAt(scope: Scope, path: string, value: string, { eol }: Breaks): string {
  const { components, property, parameter, element } = propertyPath(path);
  const component = findComponents(scope, components)[0];
  const line = component && property && findLines(component, { ...property, index: property.index ?? 1 })[0];
  if (line === undefined) throw new EngineError("ICS-102");
  const raw = parameter ? encodeParameter(value, true) : isTextual(line.type) ? encodeText(value) : encodeRaw(value, element === undefined ? undefined : line.row?.separator);
  return folded(raw, eol, raw.length > longestLine ? longestLine : 0);
}
