import type { Diagnostic, Range } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import { isSelf } from "../self.ts";
import { completeness } from "../read/soundness.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** Whoever sends or receives stands in `partners.yaml`, where agreements are reviewed. */
export const unknownPartner: Rule = {
  code: "CFG-150",
  check(project) {
    if (!completeness(project).partners) return [];
    const names = [...project.partners.keys()];
    const places = new Map<string, [Range, ...Range[]]>();
    const look = (name: string, at: Range) => {
      if (name === "" || isSelf(name) || project.partners.has(name)) return;
      places.set(name, [...(places.get(name) ?? []), at] as [Range, ...Range[]]);
    };
    for (const { place, source } of project.channels) look(source.partner, place.at("source", "partner"));
    for (const { channel, destination, path } of destinationsOf(project)) look(destination.partner, channel.place.at(...path, "partner"));
    // One name is one mistake, most often of the registry, however many channels rely on it.
    return [...places].map(([name, [at, ...others]]): Diagnostic => {
      const too = others.map(({ file, line }) => `${file}:${line}`).join(", ");
      return error("CFG-150", at, `"${name}" is not in partners.yaml${too === "" ? "" : `; it is named in ${too} too`}`, choices(name, names, "partners"));
    });
  },
};
