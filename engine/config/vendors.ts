import facts from "../../schemas/fhir/vendors.json" with { type: "json" };

/** What is said of a vendor's servers (`schemas/fhir/vendors.json`), and where; nothing of it has been tried. */
export interface Vendor {
  readonly name: string;
  /** Shape of base addresses. */
  readonly baseUrl: RegExp;
  readonly example: string;
  readonly auth: string;
  readonly verified: boolean;
  readonly sources: readonly string[];
  readonly asks: readonly VendorQuestion[];
}

/** What to ask before a channel relies on an option of a connector; `values`: with these alone; `without`: not where this option is written too. */
export interface VendorQuestion {
  readonly connector: string;
  readonly option: string;
  readonly values?: readonly string[];
  readonly without?: string;
  readonly ask: string;
}

export const vendors: ReadonlyMap<string, Vendor> = new Map(Object.entries(facts.vendors).map(([key, vendor]) => [key, { ...vendor, baseUrl: new RegExp(vendor.baseUrl) }]));

/** What to ask a vendor of a connector with these options. */
export function questionsOf({ asks }: Vendor, connector: string, options: Readonly<Record<string, unknown>>): readonly VendorQuestion[] {
  return asks.filter((each) => {
    const value = options[each.option];
    if (each.connector !== connector || value === undefined || (each.without !== undefined && options[each.without] !== undefined)) return false;
    return each.values === undefined || each.values.includes(String(value));
  });
}
