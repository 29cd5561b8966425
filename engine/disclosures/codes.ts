import { catalogue } from "../sdk/error.ts";

export const codes = catalogue({
  "DIS-101": { title: "there is no ledger of disclosures in this place" },
  "DIS-102": { title: "this is no public key of a ledger of disclosures" },
  "DIS-103": { title: "this is no checkpoint of a ledger of disclosures" },
  "DIS-104": { title: "a line of the ledger cannot be read" },
  "DIS-105": { title: "the ledger is as its record says, so no new one is begun" },
});
