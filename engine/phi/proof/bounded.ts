import type { ClosedField, LintRule } from "../../config/project.ts";

/** L05: what a closed list calls bounded is bounded. Config refuses fields without bounds; here stand bounds that are none. */
export const bounded: LintRule = {
  code: "PHI-105",
  check: (project) =>
    project.channels.flatMap((channel) =>
      channel.destinations.flatMap(({ name, only }) =>
        Object.entries(only ?? {}).flatMap(([field, spec]) => {
          const wrong = flaw(spec);
          if (!wrong) return [];
          const at = channel.place.at("destinations", name, "only", field);
          return [{ code: "PHI-105" as const, level: "error" as const, at, message: `field "${field}" of destination "${name}" ${wrong}`, help: helpFor(spec) }];
        }),
      ),
    ),
};

function helpFor({ kind }: ClosedField): string {
  if (kind === "number") return "write bounds and decimals, for example { type: number, minimum: 0, maximum: 100, decimals: 1 }";
  if (kind === "integer") return "write bounds from low to high, for example { type: integer, minimum: 0, maximum: 100000 }";
  return "list the values that may stand there, or remove the field";
}

function flaw(field: ClosedField): string | undefined {
  switch (field.kind) {
    case "integer":
    case "number": {
      const { minimum, maximum } = field;
      if (!Number.isFinite(minimum) || !Number.isFinite(maximum)) return "has no finite minimum and maximum";
      if (minimum > maximum) return "has a minimum above its maximum: no value can stand there";
      const scale = field.kind === "number" ? field.decimals : 0;
      if (!Number.isInteger(scale) || scale < 0 || scale > 9) return "needs a number of decimals from 0 to 9";
      const most = Math.max(Math.abs(minimum), Math.abs(maximum)) * 10 ** scale;
      return most > Number.MAX_SAFE_INTEGER ? "reaches beyond the numbers that JSON keeps exactly" : undefined;
    }
    case "enum":
      return field.values.length === 0 ? "lists no value" : undefined;
    case "coded":
      return field.values.length === 0 ? `takes its values from "${field.set}", which has none` : undefined;
    default:
      return undefined;
  }
}
