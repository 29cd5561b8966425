// What a payer paid for one claim, as the ledger of visits takes it: amounts in cents and codes, never who.

import { cents } from "./x12-parties.ts";

interface Tools {
  lookup(table: string, key: string, fallback: string): string;
}

interface Read {
  get(path: string): string;
}

/** CLP02: how the payer processed the claim. */
const outcomes: Record<string, string> = { "1": "paid", "2": "paid", "3": "paid", "19": "paid", "20": "paid", "21": "paid", "4": "denied", "22": "reversed" };

export default function postingOf(msg: Read, _meta: unknown, { lookup }: Tools): object {
  return {
    payer: lookup("payers", msg.get("1000A/N104") || msg.get("1000A/REF(2U)02"), "other-payer"),
    outcome: outcomes[msg.get("2100/CLP02")] ?? "other",
    charged: cents(msg.get("2100/CLP03")),
    paid: cents(msg.get("2100/CLP04")),
    patient: cents(msg.get("2100/CLP05") || "0"),
  };
}
