import { EngineError } from "../../sdk/error.ts";
import { propertyLine } from "./access.ts";
import { folded } from "./fold.ts";
import { recurFromJcal, recurToJcal, valueFromJcal, valueToJcal } from "./jcal-value.ts";
import type { Line } from "./line.ts";
import { type IcalMessage, parseIcal } from "./message.ts";
import { encodeParameter } from "./parameter.ts";
import { propertyRow, type ValueType } from "./properties.ts";
import { type Component, componentsIn, linesIn } from "./read.ts";
import { encodeRaw, encodeText } from "./value.ts";

/** RFC 7265 3.2: name, properties, components. */
export type Jcal = readonly [name: string, properties: readonly JcalProperty[], components: readonly Jcal[]];
/** RFC 7265 3.4: name, parameters, type, values. */
export type JcalProperty = readonly [name: string, parameters: Readonly<Record<string, string | readonly string[]>>, type: string, ...values: unknown[]];

/** A message as jCal (RFC 7265): its one component. What is no content line has no place in jCal and is `ICS-105`, as are several components. */
export function toJcal(message: IcalMessage): Jcal {
  const [only, ...others] = componentsIn(message.root);
  if (only === undefined || others.length > 0) throw new EngineError("ICS-105");
  return componentToJcal(only);
}

function componentToJcal(component: Component): Jcal {
  const lines = linesIn(component).filter((line) => line.text !== "");
  return [component.name.toLowerCase(), lines.map(propertyToJcal), componentsIn(component).map(componentToJcal)];
}

function propertyToJcal(line: Line): JcalProperty {
  const { parts, elements, row } = line;
  if (!parts) throw new EngineError("ICS-105");
  const parameters: Record<string, string | readonly string[]> = {};
  for (const { name, values } of parts.parameters) {
    if (name === "" || name === "VALUE") continue;
    const all = values.map(({ value }) => value);
    define(parameters, name.toLowerCase(), all.length === 1 ? (all[0] ?? "") : all);
  }
  if (parts.group !== "") define(parameters, "group", parts.group);
  const type = jcalType(line);
  const raw = line.value;
  const values: unknown[] =
    type === "UNKNOWN" ? [raw] : type === "RECUR" ? [recurToJcal(raw)] : elements.map(({ value }) => valueToJcal(value, type as ValueType));
  // RFC 7265 3.4.1.3: the parts of a structured value are one array.
  const written = row?.separator === ";" && type !== "UNKNOWN" ? [values] : values;
  return [parts.name.toLowerCase(), parameters, type.toLowerCase(), ...written];
}

function define(into: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The type as named, else the default; a date that stands without VALUE=DATE is one. */
function jcalType(line: Line): string {
  const named = line.parameter("VALUE")?.toUpperCase();
  const type = named ?? line.type;
  return named === undefined && type === "DATE-TIME" && line.row?.types.includes("DATE") && line.elements.every(({ value }) => /^\d{8}$/.test(value)) ? "DATE" : type;
}

/** iCalendar text of a jCal component, lines folded and ended by CR LF. Throws `ICS-104` for what is no jCal. */
export function fromJcal(jcal: unknown): string {
  let out = "";
  const write = (line: string) => {
    out += `${folded(line, "\r\n")}\r\n`;
  };
  writeComponent(jcal, write, 0);
  return parseIcal(out).toString();
}

const deepest = 32;

function writeComponent(jcal: unknown, write: (line: string) => void, depth: number): void {
  if (depth > deepest || !Array.isArray(jcal) || jcal.length !== 3) throw new EngineError("ICS-104");
  const [name, properties, components] = jcal as unknown[];
  if (typeof name !== "string" || !/^[A-Za-z0-9-]+$/.test(name) || !Array.isArray(properties) || !Array.isArray(components)) throw new EngineError("ICS-104");
  write(`BEGIN:${name.toUpperCase()}`);
  for (const property of properties) write(lineOf(property));
  for (const each of components) writeComponent(each, write, depth + 1);
  write(`END:${name.toUpperCase()}`);
}

function lineOf(property: unknown): string {
  if (!Array.isArray(property) || property.length < 4) throw new EngineError("ICS-104");
  const [name, parameters, type, ...values] = property as unknown[];
  if (typeof name !== "string" || typeof type !== "string" || typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) throw new EngineError("ICS-104");
  const { group, ...others } = parameters as Record<string, unknown>;
  const upper = name.toUpperCase();
  const row = propertyRow(upper);
  const wanted = type.toUpperCase();
  const isDefault = wanted === "UNKNOWN" || wanted === (row?.types[0] ?? "UNKNOWN");
  const given = Object.fromEntries(Object.entries(others).map(([key, value]) => [key.toUpperCase(), texts(value)]));
  const head = propertyLine(upper, "", { ...given, ...(isDefault ? {} : { VALUE: wanted }) });
  if (group !== undefined && !(typeof group === "string" && /^[A-Za-z0-9-]+$/.test(group))) throw new EngineError("ICS-104");
  const separator = row?.separator ?? ",";
  const flat = row?.separator === ";" && values.length === 1 && Array.isArray(values[0]) ? (values[0] as unknown[]) : values;
  return `${group === undefined ? "" : `${group}.`}${head}${flat.map((value) => written(value, wanted)).join(separator)}`;
}

function written(value: unknown, type: string): string {
  if (type === "RECUR") return recurFromJcal(value);
  const text = valueFromJcal(value, type);
  return type === "TEXT" ? encodeText(text) : encodeRaw(text);
}

function texts(value: unknown): readonly string[] {
  const all = [value].flat();
  if (!all.every((each) => typeof each === "string")) throw new EngineError("ICS-104");
  for (const each of all) encodeParameter(each);
  return all;
}
