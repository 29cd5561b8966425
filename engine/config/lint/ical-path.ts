import { componentNames, parameterNames, propertyNames } from "../../codec/ical/index.ts";
import { componentSteps, propertyPath, type Step } from "../../codec/ical/path.ts";
import type { Diagnostic } from "../../sdk/index.ts";
import { nearest } from "../check/suggest.ts";
import { error, warning } from "./rule.ts";
import { canRead, type WrittenPath } from "./written-paths.ts";

const example = "component, property, parameter: for example VEVENT/DTSTART, VEVENT[2]/ATTENDEE[1];PARTSTAT or VCALENDAR/METHOD";

/** What is wrong with a path of iCalendar: its form, which is an error, or a name that no standard has, which senders may use all the same. */
export function judgeIcal({ path, at, isSegment = false }: WrittenPath): Diagnostic[] {
  if (isSegment) {
    if (!canRead(() => componentSteps(path))) return [error("CFG-167", at, `${path} names no component of iCalendar`, 'for example msg.all("VEVENT"), and of each one get("DTSTART")')];
    return unknown(componentSteps(path), [...componentNames], "component", path, at);
  }
  if (!canRead(() => propertyPath(path))) return [error("CFG-167", at, `${path} is no path of iCalendar`, example)];
  const { components, property, parameter } = propertyPath(path);
  // `VEVENT` alone and `DTSTART` alone name a component and a property, but no value of the message.
  if (components.length === 0) return [error("CFG-167", at, `${path} names no place of a message`, componentNames.has(property?.name ?? "") ? `${path}/UID is its id: ${example}` : `in which component? ${example}`)];
  return [
    ...unknown(components, [...componentNames], "component", path, at),
    ...unknown(property ? [property] : [], propertyNames, "property", path, at),
    ...unknown(parameter ? [parameter] : [], [...parameterNames], "parameter", path, at),
  ];
}

function unknown(steps: readonly Step[], known: readonly string[], kind: string, path: string, at: WrittenPath["at"]): Diagnostic[] {
  return steps
    .filter(({ name }) => !known.includes(name) && !name.startsWith("X-") && name !== "?")
    .slice(0, 1)
    .map(({ name }) => {
      const near = nearest(name, known);
      return warning("CFG-167", at, `iCalendar has no ${kind} ${name}`, near === undefined ? "names of a site's own begin with X-" : `did you mean ${path.replace(new RegExp(`(^|[/;])${name}(?=$|[/;.[])`, "i"), `$1${near}`)}?`);
    });
}
