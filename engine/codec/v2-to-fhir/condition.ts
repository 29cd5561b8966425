import type { Condition } from "./tables.ts";
import type { Value } from "./values.ts";

/** Where a condition looks: values of a path with its repetitions, and whether a segment stands there. */
export interface Sight {
  values(path: string): readonly string[];
  count(path: string): number;
}

export function holds(condition: Condition, sight: Sight): boolean {
  switch (condition[0]) {
    case "v":
      return sight.values(condition[1]).some((each) => each !== "");
    case "=":
      return sight.values(condition[1]).some((each) => condition[2].includes(each));
    case "!":
      return !holds(condition[1], sight);
    case "&":
      return condition.slice(1).every((each) => holds(each as Condition, sight));
    case "|":
      return condition.slice(1).some((each) => holds(each as Condition, sight));
    default: {
      const [kind, path, sign, wanted] = condition;
      const n = kind === "#" ? sight.count(path) : (sight.values(path)[0] ?? "").length;
      return sign === "=" ? n === wanted : sign === "<" ? n < wanted : n > wanted;
    }
  }
}

/** Inside a data type map: `XTN.3`, `HD-3` are parts of the value at hand. */
export function inside(value: Value): Sight {
  const text = (path: string) => {
    const [, part, sub] = /[-.](\d+)(?:\.(\d+))?$/.exec(path) ?? [];
    return part === undefined ? value.whole() : value.text(Number(part), Number(sub ?? 1));
  };
  return { values: (path) => [text(path)], count: (path) => (text(path) === "" ? 0 : 1) };
}
