import type { LintRule } from "../../config/project.ts";

/**
 * L11: what comes after `deidentify` sees what it made and nothing else. Code after it runs in a realm of its own, which the sandbox sees to, and so does a
 * transform of the partner's answer. A `copy` of the closed list would take a value of the message as it came; a `surrogate` is a random token and stays.
 */
export const afterDeidentify: LintRule = {
  code: "PHI-111",
  check: (project) =>
    project.channels.flatMap((channel) =>
      channel.destinations.flatMap(({ name, deidentify, only }) =>
        Object.entries(deidentify ? (only ?? {}) : {}).flatMap(([field, spec]) =>
          spec.kind === "copy"
            ? [{
                code: "PHI-111" as const,
                level: "error" as const,
                at: channel.place.at("destinations", name, "only", field),
                message: `field "${field}" of destination "${name}" copies ${spec.path} from the message as it came, past its deidentify`,
                help: `let the engine stand a random token in its place: ${field}: { surrogate: ${JSON.stringify(spec.path)} }`,
              }]
            : [],
        ),
      ),
    ),
};
