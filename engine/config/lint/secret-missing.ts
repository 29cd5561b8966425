import { secretRefs } from "../secret-refs.ts";
import { error, type Rule } from "./rule.ts";

/** Every secret that is named can be opened where the engine runs; its value is not looked at. */
export const secretMissing: Rule = {
  code: "CFG-142",
  check(project, context) {
    return secretRefs(project).flatMap(({ ref, at }) => {
      if (context.secretExists(ref)) return [];
      const { message, help } = ref.source === "env" ? noVariable(ref.name) : noFile(ref.name);
      return [error("CFG-142", at, message, help)];
    });
  },
};

function noVariable(name: string) {
  return { message: `the variable ${name} is not set, or empty`, help: `set ${name} in the environment of the engine, and where lint runs` };
}

function noFile(name: string) {
  return { message: `the secret file "${name}" is missing, empty or open to others`, help: `create secrets/${name} beside sluice.yaml with mode 0600` };
}
