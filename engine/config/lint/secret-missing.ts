import { secretRefs } from "../secret-refs.ts";
import { error, type Rule } from "./rule.ts";

/** Every secret that is named can be opened where the engine runs; its value is not looked at. */
export const secretMissing: Rule = {
  code: "CFG-142",
  check(project, context) {
    return secretRefs(project).flatMap(({ ref, at }) => {
      if (context.secretExists(ref)) return [];
      if (ref.source === "env") return [error("CFG-142", at, `the environment has no variable ${ref.name}`, `set ${ref.name} where the engine runs`)];
      return [error("CFG-142", at, `there is no secret file "${ref.name}"`, `put it into secrets/${ref.name} beside sluice.yaml, readable by its owner alone`)];
    });
  },
};
