import { aliases, parseScript } from "../../codec/script/index.ts";
import { elementNames } from "../../codec/script/structures.ts";
import type { Diagnostic } from "../../sdk/index.ts";
import { nearest } from "../check/suggest.ts";
import { error, warning } from "./rule.ts";
import { canRead, isHl7Path, type WrittenPath } from "./written-paths.ts";

const help = "names of elements joined by slashes, for example Patient/HumanPatient/Name/LastName, or a short name such as patient.name.last";

/** What is wrong with a path of SCRIPT: its form, which is an error, or a name that the tables do not have, which networks may add all the same. */
export function judgeScript({ path, at }: WrittenPath): Diagnostic[] {
  if (Object.hasOwn(aliases, path)) return [];
  if (isHl7Path(path)) return [error("CFG-167", at, `${path} is a path of HL7 v2, but this channel reads script`, help)];
  if (/^[a-z]+(?:\.[A-Za-z]+)+$/.test(path)) {
    const near = nearest(path, Object.keys(aliases));
    return [error("CFG-167", at, `${path} is no short name of a script message`, near === undefined ? help : `did you mean ${near}?`)];
  }
  if (!canRead(() => parseScript("<Message/>").values(path))) return [error("CFG-167", at, `${path} is no path of a script message`, help)];
  const names = path.replace(/^\//, "").split("/").filter((step) => !step.startsWith("@") && step !== "text()").map((step) => step.replace(/\[\d+\]$/, "").replace(/^.*:/, ""));
  const unknown = names.find((name) => name !== "Message" && !elementNames.has(name));
  if (unknown === undefined) return [];
  const near = nearest(unknown, elementNames);
  return [warning("CFG-167", at, `SCRIPT has no element ${unknown} that is known here`, near === undefined ? "an element that a network adds is kept, and can be read by its name" : `did you mean ${near}?`)];
}
