import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { AboutOptions, ConnectorCatalogue, ConnectorEntry, VerifyOptions } from "../config/project.ts";
import { type ConnectorDefinition, type DestinationDefinition, EngineError, type SourceDefinition } from "../sdk/index.ts";
import { scheduleOf } from "./schedule/schedule.ts";

/** The connectors of this process, by name: for lint as schemas, for the runner as definitions. */
export class Registry implements ConnectorCatalogue {
  readonly #definitions = new Map<string, ConnectorDefinition>();

  get names(): readonly string[] {
    return [...this.#definitions.keys()].sort();
  }

  add(definition: ConnectorDefinition): void {
    this.#definitions.set(definition.name, definition);
  }

  definition(name: string): ConnectorDefinition | undefined {
    return this.#definitions.get(name);
  }

  get(name: string): ConnectorEntry | undefined {
    const found = this.#definitions.get(name);
    if (!found) return undefined;
    const { source, destination } = found;
    return {
      name: found.name,
      summary: found.summary,
      ...(source ? { source: { schema: schemaOf(source.options), formats: source.formats, ...(source.origin === "engine" ? { fromEngine: true } : {}), ...(source.schemes ? { schemes: source.schemes } : {}), ...about(source), ...verifying(source) } } : {}),
      ...(destination
        ? {
            destination: {
              schema: schemaOf(destination.options),
              formats: destination.formats,
              ...(destination.schemes ? { schemes: destination.schemes } : {}),
              ...(destination.reaches === "channel" ? { reachesChannel: true } : {}),
              ...(destination.inquires ? { inquires: true } : {}),
              ...about(destination),
              ...closedTo(destination),
              ...verifying(destination),
            },
          }
        : {}),
    };
  }
}

/** The connectors in `connectors/`, one folder each, found by name. */
export async function builtInConnectors(): Promise<Registry> {
  const registry = new Registry();
  const folder = fileURLToPath(new URL("../../connectors/", import.meta.url));
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) registry.add(await load(pathToFileURL(join(folder, entry.name, `index.${extension}`)).href, entry.name));
  }
  return registry;
}

/**
 * Adds the packages that `connectors:` in `sluice.yaml` names. A package runs with the engine's rights, so only names
 * listed under `trusted:` are loaded; they are resolved from the project's folder.
 */
export async function addProjectConnectors(
  registry: Registry,
  root: string,
  settings: { readonly connectors: readonly string[]; readonly trusted: readonly string[] },
): Promise<void> {
  const resolve = createRequire(join(root, "sluice.yaml")).resolve;
  for (const name of settings.connectors) {
    if (!settings.trusted.includes(name)) throw new EngineError("RUN-103", { connector: name });
    let url: string;
    try {
      url = pathToFileURL(resolve(name)).href;
    } catch (error) {
      throw new EngineError("RUN-104", { connector: name }, { cause: error });
    }
    registry.add(await load(url, name));
  }
}

async function load(url: string, name: string): Promise<ConnectorDefinition> {
  try {
    const module: { default?: ConnectorDefinition } = await import(url);
    if (module.default && typeof module.default.name === "string") return module.default;
  } catch (error) {
    throw new EngineError("RUN-104", { connector: name }, { cause: error });
  }
  throw new EngineError("RUN-104", { connector: name });
}

function verifying({ verify }: Pick<SourceDefinition, "verify">): { readonly verify?: VerifyOptions } {
  return verify ? { verify: (options) => verify(options as never, { schedule: scheduleOf }) } : {};
}

function about({ asks, urlIds }: Pick<SourceDefinition, "asks" | "urlIds">): { readonly asks?: AboutOptions; readonly urlIds?: AboutOptions } {
  return { ...(asks && { asks: (options) => asks(options as never) }), ...(urlIds && { urlIds: (options) => urlIds(options as never) }) };
}

function closedTo({ closedTo: fields }: DestinationDefinition): { readonly closedTo?: NonNullable<NonNullable<ConnectorEntry["destination"]>["closedTo"]> } {
  return fields ? { closedTo: (options) => fields(options as never) } : {};
}

type Schema = Readonly<Record<string, unknown>>;

const schemas = new WeakMap<object, Schema>();

/** TypeBox keeps its marks under symbols and `~` keys; what leaves is plain JSON Schema, and always the same. */
function schemaOf(options: object): Schema {
  const schema = schemas.get(options) ?? (JSON.parse(JSON.stringify(options)) as Schema);
  schemas.set(options, schema);
  return schema;
}
