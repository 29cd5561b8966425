import type { Format } from "../sdk/content.ts";
import { isFhirXml } from "./fhir/xml-read.ts";
import { Hl7Message } from "./hl7v2/index.ts";
import { problemsOf as oddities } from "./hl7v2/problems.ts";
import { IcalMessage } from "./ical/index.ts";
import { problemsOf as icalProblems } from "./ical/problems.ts";
import type { Hl7Profile } from "./hl7v2/profile.ts";
import { JsonTree } from "./json/tree.ts";
import type { Problem } from "./problem.ts";
import { ScriptMessage } from "./script/message.ts";
import { problemsOf as scriptOddities } from "./script/problems.ts";
import type { Tree } from "./tree.ts";
import { envelopeFaults } from "./x12/check/envelope.ts";
import { X12Message } from "./x12/index.ts";
import { problemsFrom } from "./x12/problems.ts";

/** What is odd in a message, in the order of its text: what its format alone can tell, without its standard's tables. */
export function problemsOf(tree: Tree): readonly Problem[] {
  if (tree instanceof Hl7Message) return oddities(tree);
  if (tree instanceof IcalMessage) return icalProblems(tree);
  if (tree instanceof ScriptMessage) return scriptOddities(tree);
  if (tree instanceof X12Message) return problemsFrom(tree, envelopeFaults(tree));
  return [];
}

/** What a message is checked against beside its standard. */
export interface Against {
  /** The name of a profile: of FHIR the canonical address of a StructureDefinition, or `us-core` for that of US Core 6.1.0 which fits, of HL7 v2 the name of `local`. */
  readonly profile?: string;
  /** HL7 v2: the profile itself, as the project declares it. */
  readonly local?: Hl7Profile;
}

/** Everything a message is not that its standard, and a profile, say it should be; oddities among them. Problems that should refuse it have a severity. */
export type Validator = (tree: Tree) => readonly Problem[];

/**
 * The strict reading of a format. Made once per channel and asked for every message: what it needs (structures, definitions, grammars) is loaded
 * here and by nobody who does not ask. A format without rules of its own tells its oddities alone.
 */
export async function validatorOf(format: Format, against: Against = {}): Promise<Validator> {
  switch (format) {
    // Each format's rules join here.
    case "hl7v2": {
      const { checkHl7 } = await import("./hl7v2/strict/index.ts");
      return (tree) => (tree instanceof Hl7Message ? checkHl7(tree, against.local) : []);
    }
    case "script":
      return (await import("./script/validate.ts")).validateScript;
    case "x12":
      return (await import("./x12/validate.ts")).validateX12;
    case "fhir": {
      const { validateFhir } = await import("./fhir-validate/index.ts");
      return (tree) => (tree instanceof JsonTree ? validateFhir(tree, against) : []);
    }
    case "xml": {
      // FHIR in XML is read as XML, so that its bytes are kept; its rules are those of FHIR all the same.
      const { validateFhir } = await import("./fhir-validate/index.ts");
      return (tree) => (isFhirXml(tree.toString()) ? validateFhir(tree.toString(), against) : problemsOf(tree));
    }
    default:
      return problemsOf;
  }
}
