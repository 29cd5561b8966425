import type { TSchema } from "../../sdk/index.ts";
import type { ConnectorCatalogue } from "../project.ts";
import { channelSchema } from "./channel.ts";
import { partnersSchema } from "./partners.ts";
import { profileSchema } from "./profile.ts";
import { settingsSchema } from "./settings.ts";
import { testFileSchema } from "./tests.ts";

/** File name → text of the JSON Schemas that editors use: the very declarations that reading checks against. */
export function publishedSchemas(connectors: ConnectorCatalogue): ReadonlyMap<string, string> {
  return new Map([
    ["sluice.schema.json", publish("Sluice settings", settingsSchema)],
    ["partners.schema.json", publish("Sluice partners", partnersSchema)],
    ["channel.schema.json", publish("Sluice channel", channelSchema(connectors))],
    ["profile.schema.json", publish("Sluice profile", profileSchema)],
    ["tests.schema.json", publish("Sluice tests", testFileSchema)],
  ]);
}

function publish(title: string, schema: TSchema): string {
  const plain = withoutDefaulted(JSON.parse(JSON.stringify(schema))) as object;
  return `${JSON.stringify({ $schema: "http://json-schema.org/draft-07/schema#", title, ...plain }, undefined, 2)}\n`;
}

/** A key with a default need not be written: connectors declare theirs as present, since that is what they receive. */
function withoutDefaulted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaulted);
  if (typeof value !== "object" || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutDefaulted(item)]));
  const { required, properties } = schema as { required?: string[]; properties?: Record<string, object> };
  if (!Array.isArray(required) || !properties) return schema;
  return { ...schema, required: required.filter((key) => !("default" in (properties[key] ?? {}))) };
}
