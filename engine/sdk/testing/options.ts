import { Value } from "typebox/value";
import type { ConnectorDefinition, TObject } from "../index.ts";

/** Options as the engine hands them over: defaults applied, then checked against the schema. */
export function completeOptions(schema: TObject, options: Readonly<Record<string, unknown>>): never {
  const complete = Value.Default(schema, structuredClone(options));
  const [first] = Value.Errors(schema, complete);
  if (first) throw new Error(`options do not fit the schema: ${first.instancePath} ${first.message}`);
  return complete as never;
}

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly { readonly const?: unknown }[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly items?: unknown;
}

export interface OptionRow {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly byDefault?: string;
  readonly explained: boolean;
}

/** Every option, nested ones by their path, in the order of declaration. */
export function optionRows(schema: TObject, prefix = ""): readonly OptionRow[] {
  const { properties = {}, required = [] } = schema as unknown as Property;
  return Object.entries(properties).flatMap(([key, property]) => {
    const name = prefix + key;
    const { description = "", default: byDefault, examples, anyOf } = property;
    const explained = description !== "" && (byDefault !== undefined || examples !== undefined || anyOf !== undefined || !!property.properties);
    const row = { name, required: required.includes(key), description, explained };
    const rows = [byDefault === undefined ? row : { ...row, byDefault: JSON.stringify(byDefault) }];
    return property.properties ? [...rows, ...optionRows(property as unknown as TObject, `${name}.`)] : rows;
  });
}

/** The option tables of a connector's README, as Markdown; the suite compares. */
export function optionTables({ source, destination }: ConnectorDefinition): string {
  const table = (title: string, schema: TObject) =>
    [`## ${title} options`, "", "| option | default | meaning |", "|---|---|---|", ...optionRows(schema).map(line)].join("\n");
  const line = ({ name, required, byDefault, description }: OptionRow) =>
    `| \`${name}\` | ${byDefault === undefined ? (required ? "required" : "") : `\`${byDefault}\``} | ${description} |`;
  return [source && table("Source", source.options), destination && table("Destination", destination.options)].filter(Boolean).join("\n\n");
}
