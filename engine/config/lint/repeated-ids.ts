import { error, type Rule } from "./rule.ts";

/** Endpoints and agreements are referred to by id, in channels and in every audit record. */
export const repeatedIds: Rule = {
  code: "CFG-159",
  check(project) {
    return [...project.partners.values()].flatMap(({ name, place, endpoints, agreements }) =>
      Object.entries({ endpoints, agreements }).flatMap(([kind, all]) =>
        all.flatMap(({ id }, i) =>
          id !== "" && all.findIndex((other) => other.id === id) < i
            ? [error("CFG-159", place.at(kind, i, "id"), `"${name}" has two ${kind} with the id "${id}"`, "give each its own id")]
            : [])));
  },
};
