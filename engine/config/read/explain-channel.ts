import type { Explain, Problem, SchemaError } from "../check/problem.ts";
import { nameOf } from "../check/problem.ts";
import { choices, nearest } from "../check/suggest.ts";
import type { ConnectorCatalogue } from "../project.ts";
import { compartmentNames } from "../schema/words.ts";
import type { Path } from "../yaml/node.ts";

/** Mistakes of a channel file in words of the field. */
export function explainChannel(connectors: ConnectorCatalogue): Explain {
  return (error, path, siblings) => {
    if (error.data === "phi-sensitive" && (path[0] === "classification" || path.at(-1) === "sends")) return sensitive(path);
    if (error.parentSchema?.["x-connectors"] === true) return ofParty(error, path, siblings, connectors);
    if (error.keyword === "additionalProperties" && path[0] === "destinations") return host(error, path);
    if (error.keyword === "anyOf" && path[2] === "only" && path.length === 4) return unbounded(error, path);
    return undefined;
  };
}

function sensitive(path: Path): Problem {
  return {
    code: "CFG-161",
    path,
    target: "value",
    message: "phi-sensitive says not which law protects the data",
    help: `write { level: phi, compartments: [...] } with those that apply: ${compartmentNames.join(", ")}`,
  };
}

function ofParty(error: SchemaError, path: Path, siblings: readonly SchemaError[], connectors: ConnectorCatalogue): Problem | "drop" | undefined {
  const forms = ((error.parentSchema?.oneOf ?? []) as { required: string[] }[]).map((form) => String(form.required[0]));
  if (error.keyword === "additionalProperties") return unknownConnector(String(error.params.additionalProperty), error, path, forms, connectors);
  if (error.keyword !== "oneOf") return undefined;
  const passing = error.params.passingSchemas as number[] | null;
  if (passing) {
    const [first, second] = passing.map((i) => forms[i] ?? "");
    const written = Object.keys(error.data as object).filter((key) => key === first || key === second);
    const message = `${nameOf(path)} names two connectors, "${written[0]}" and "${written[1]}"`;
    return { code: "CFG-131", path: [...path, written[1] ?? ""], target: "key", message, help: "keep one; for two ways out, write two destinations" };
  }
  const guess = siblings.some((e) => e.keyword === "additionalProperties" && e.instancePath === error.instancePath
    && unknownConnector(String(e.params.additionalProperty), e, path, forms, connectors)?.code === "CFG-132");
  if (guess) return "drop";
  return { code: "CFG-130", path, target: "key", message: `${nameOf(path)} names no connector`, help: `connectors: ${forms.join(", ")}` };
}

function unknownConnector(key: string, error: SchemaError, path: Path, forms: readonly string[], connectors: ConnectorCatalogue): Problem | undefined {
  const at = [...path, key];
  if (connectors.names.includes(key)) {
    const side = path[0] === "source" ? "source" : "destination";
    return { code: "CFG-132", path: at, target: "key", message: `the connector "${key}" has no ${side}`, help: `connectors: ${forms.join(", ")}` };
  }
  const engineKeys = Object.keys((error.parentSchema?.properties ?? {}) as object).filter((k) => !forms.includes(k));
  const value = (error.data as Record<string, unknown>)[key];
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const isConnector = nearest(key, forms) !== undefined ? nearest(key, engineKeys) === undefined || isMap : isMap && nearest(key, engineKeys) === undefined;
  if (!isConnector) return undefined;
  return { code: "CFG-132", path: at, target: "key", message: `unknown connector "${key}"`, help: choices(key, forms, "connectors") };
}

/** Options that would name a host: addresses are pinned in `partners.yaml`, where they are reviewed. */
function host(error: SchemaError, path: Path): Problem | undefined {
  const key = String(error.params.additionalProperty);
  if (path.length !== 3 || path[2] === "only" || !["host", "url", "uri", "address", "hostname", "server"].includes(key)) return undefined;
  return {
    code: "CFG-152",
    path: [...path, key],
    target: "key",
    message: `a channel names no hosts: "${key}" belongs to the partner`,
    help: "put the address under the partner's endpoints in partners.yaml, and name that endpoint's id here",
  };
}

function unbounded(error: SchemaError, path: Path): Problem | undefined {
  const field = error.data as Record<string, unknown> | null;
  if (typeof field !== "object" || field === null || field.type !== "string") return undefined;
  return {
    code: "CFG-162",
    path: [...path, "type"],
    target: "value",
    message: `${nameOf(path)} is text without bounds, which could carry anything`,
    help: "a closed list takes const, enum, integer, number, boolean, coded, surrogate or copy",
  };
}
