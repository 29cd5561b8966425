import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "FHP-101": { title: "the FHIR server did not answer a search" },
  "FHP-102": { title: "the FHIR server asked to be asked later" },
  "FHP-103": { title: "the FHIR server did not accept the engine's credential" },
  "FHP-104": { title: "the FHIR server refused a search" },
  "FHP-105": { title: "the FHIR server's answer is no searchset" },
  "FHP-106": { title: "the pages of a search have no end" },
  "FHP-107": { title: "a resource that was fetched is refused by the channel" },
  "FHP-108": { title: "the engine cannot take what was fetched now" },
  "FHP-109": { title: "the FHIR server does not export" },
  "FHP-110": { title: "an export was not done in time" },
  "FHP-111": { title: "the FHIR server's answer to an export cannot be read" },
  "FHP-112": { title: "a line of an exported file cannot be read" },
  "FHP-113": { title: "the FHIR server left something out of an export" },
});
