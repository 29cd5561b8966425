import type { Tree } from "../../../codec/tree.ts";
import type { DeidentifySpec } from "../../../config/project.ts";
import { components, nobodysDay, parameters, properties, ruleFor, sets } from "./table.ts";

/** Lines that every calendar of the engine begins and ends with. */
const frame: ReadonlySet<string> = new Set(["BEGIN:VCALENDAR", "END:VCALENDAR", "VERSION:2.0", "PRODID:-//Sluice//iCalendar//EN", `DTSTAMP:${nobodysDay}`]);

/**
 * What of a de-identified calendar the policy does not say word for word, a value a line: names, components, codes of a set, the year of a start and the
 * stamp of nobody's day are gone. Nothing for a text that is not as the policy writes: one line of another kind, and all of it is looked at.
 */
export function beyondVocabulary(text: string, _raw: Tree, { method }: Pick<DeidentifySpec, "method">): string | undefined {
  const lines = text.split("\r\n");
  if (lines.pop() !== "" || lines[0] !== "BEGIN:VCALENDAR" || lines.at(-1) !== "END:VCALENDAR") return undefined;
  const beyond: string[] = [];
  for (const line of lines.join("\n").replace(/\n /g, "").split("\n")) {
    if (frame.has(line)) continue;
    const [, name = "", given = "", value = ""] = /^([A-Z-]+)((?:;[A-Z]+=[\w/+-]+)*):(.*)$/.exec(line) ?? [];
    if ((name === "BEGIN" || name === "END") && given === "" && components.has(value)) continue;
    if (name === "X-SLUICE-YEAR" && given === "" && /^(?:19|20)\d\d$/.test(value)) continue;
    if (!properties.has(name)) return undefined;
    for (const parameter of given.split(";").slice(1)) {
      const [key = "", said = ""] = parameter.split("=");
      const isSaid = (key === "VALUE" && (said === "DATE" || said === "PERIOD")) || sets.get(ruleFor(method, key, parameters).detail)?.has(said) === true;
      if (!isSaid) beyond.push(said);
    }
    const { action, detail } = ruleFor(method, name);
    if (action !== "code" || sets.get(detail)?.has(value) !== true) beyond.push(value);
  }
  return beyond.join("\n");
}
