import { defineConnector, type OptionProblem } from "../../engine/sdk/index.ts";
import { fhirDestination } from "./destination.ts";
import { destinationOptions, type DestinationOptions, sourceOptions, type SourceOptions } from "./options.ts";
import { commonParameters, searchParameters } from "./search-parameters.ts";
import { fhirSource } from "./source.ts";

export default defineConnector({
  name: "fhir",
  summary: "A client of FHIR servers, and a FHIR server that takes what the channel takes and answers what it answers",
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
  if (interaction !== "search" && type !== undefined) found.push({ path: ["type"], message: `interaction ${interaction} takes the type from the resource`, help: "leave type out" });
  return found;
}

function sourceProblems({ create, update, bundles, read, search }: SourceOptions): readonly OptionProblem[] {
  const [takes, answers] = [create.length + update.length + bundles.length, read.length + search.length];
  if (takes + answers === 0) return [{ path: [], message: "this server would take and answer nothing", help: "name resource types under create or update, bundles: [transaction], or read and search" }];
  const found: OptionProblem[] = [];
  if (takes > 0 && answers > 0) found.push({ path: [read.length > 0 ? "read" : "search"], message: "a channel answers questions or takes resources, and responds from one destination", help: "make a channel for each; they may share the port, under another path" });
  search.forEach((type, i) => {
    if (searchParameters(type).size <= commonParameters) found.push({ path: ["search", String(i)], message: `US Core 6.1.0 defines no search of ${type}`, help: "leave it out; by its id it can be read" });
  });
  return found;
}
