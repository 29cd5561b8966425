import { knownProfile } from "../../codec/fhir-validate/shipped.ts";
import { choices } from "../check/suggest.ts";
import { isFormatKnown } from "./source-format.ts";
import { error, type Rule } from "./rule.ts";

/** Formats whose messages have a standard to be held against. */
const strict = ["hl7v2", "fhir", "x12", "script", "ical"];

/** The profile that a source names exists, and its format has rules that a message can break. */
export const unknownProfile: Rule = {
  code: "CFG-190",
  check(project) {
    return project.channels.filter((channel) => isFormatKnown(project, channel)).flatMap(({ place, source }) => {
      const { format, profile, validate } = source;
      if (validate && !strict.includes(format)) {
        return [error("CFG-190", place.at("source", "validate"), `messages of ${format} have no standard to be held against`, `leave "validate" out, or name the real format`)];
      }
      if (profile === undefined) return [];
      const at = place.at("source", "profile");
      if (format === "fhir") {
        return knownProfile(profile) ? [] : [error("CFG-190", at, `no FHIR profile "${profile}" is shipped`, "write us-core, or the canonical address of a profile of US Core 6.1.0 or of the vital signs of R4")];
      }
      if (format !== "hl7v2") return [error("CFG-190", at, `messages of ${format} have no profiles`, "profiles are of HL7 v2 and FHIR")];
      return project.profiles.has(profile) ? [] : [error("CFG-190", at, `there is no profile "${profile}"`, choices(profile, [...project.profiles.keys()], "profiles in profiles/"))];
    });
  },
};
