import { defineConnector, type OptionProblem } from "../../engine/sdk/index.ts";
import { fhirDestination } from "./destination.ts";
import { destinationOptions, type DestinationOptions, sourceOptions, type SourceOptions } from "./options.ts";
import { fhirSource } from "./source.ts";

export default defineConnector({
  name: "fhir",
  summary: "A client of FHIR servers, and a FHIR server that takes what the channel takes",
  standard: "HL7 FHIR R4",
  stability: "beta",
  source: { options: sourceOptions, formats: ["fhir"], verify: sourceProblems, create: fhirSource },
  destination: {
    options: destinationOptions,
    formats: ["fhir"],
    ordered: true,
    idempotent: "no",
    schemes: ["http", "https"],
    urlIds: ({ interaction }) => interaction === "update" || interaction === "delete" || interaction === "read",
    verify: destinationProblems,
    create: fhirDestination,
  },
});

function destinationProblems({ interaction, match, type }: DestinationOptions): readonly OptionProblem[] {
  const found: OptionProblem[] = [];
  if (match !== undefined && !interaction.startsWith("conditional-")) found.push({ path: ["match"], message: `interaction ${interaction} looks for nothing`, help: "leave match out, or choose conditional-create or conditional-update" });
  if (interaction === "search" && type === undefined) found.push({ path: [], message: "a search needs the type it searches", help: "add type: Patient" });
  if (interaction !== "search" && type !== undefined) found.push({ path: ["type"], message: `interaction ${interaction} takes the type from the resource`, help: "leave type out" });
  return found;
}

function sourceProblems({ create, update, bundles }: SourceOptions): readonly OptionProblem[] {
  if (create.length + update.length + bundles.length > 0) return [];
  return [{ path: [], message: "this server would take nothing", help: "name resource types under create or update, or bundles: [transaction]" }];
}
