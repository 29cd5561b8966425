import type { Counted, Evidence, KnownSince, Passage } from "./evidence.ts";

/** The evidence about a partner as a privacy officer reads it. */
export function evidenceText(found: Evidence): string {
  const { partner, legalName, address, kind, from, to, passages, gaps, agreements, denied, withheld, unknown, policies, egressMaps, accesses, patients } = found;
  const total = passages.reduce((sum, { count }) => sum + count, 0);
  return [
    `Disclosures to ${partner}${legalName === undefined ? "" : ` (${legalName}${address === undefined ? "" : `, ${address}`})`}${kind === undefined ? "" : `, ${kind}`}`,
    `from ${from.slice(0, 10)} to ${to.slice(0, 10)}: ${total} messages about ${patients} patients`,
    ...section("What left, by month and agreement", passages.map(passageText)),
    ...section("Months without any", gaps),
    ...section("Agreements", agreements.map(agreementText)),
    ...section("Refused by rule", denied.map(countedText)),
    ...section("Withheld until an agreement is in force", withheld.map(countedText)),
    ...section("End unknown, counted as disclosed", unknown.length === 0 ? [] : [`${unknown.length}, lines ${unknown.slice(0, 20).join(", ")}${unknown.length > 20 ? ", …" : ""}`]),
    ...section("De-identification policies", policies.map(({ policy, since }) => `${policy} since ${since}`)),
    ...section("Egress maps", egressMaps.map(({ sha256, since }) => `${sha256} since ${since}`)),
    ...section("Looks at contents, and exports", accesses.map((each) => `${each.at.slice(0, 10)} ${each.as} for ${each.purpose} by ${each.user ?? `account ${each.account ?? "?"}`}: ${each.count}`)),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ["", title, ...(lines.length === 0 ? ["  none"] : lines.map((line) => `  ${line}`))];
}

function passageText({ month, agreement, basis, purpose, level, compartments, count, assumed, first, last, outside, breakGlass }: Passage): string {
  const notes = [
    assumed > 0 ? `${assumed} may not have arrived` : undefined,
    outside > 0 ? `${outside} OUTSIDE THE DATES OF THE AGREEMENT` : undefined,
    breakGlass > 0 ? `${breakGlass} by emergency access` : undefined,
  ].filter((note) => note !== undefined);
  const what = [level, ...compartments].join(" + ");
  return `${month}  ${count} × ${what} under ${agreement ?? "no agreement"}${basis === undefined ? "" : ` (${basis})`}${purpose === undefined ? "" : ` for ${purpose}`}, ${first} to ${last}${notes.length > 0 ? `; ${notes.join("; ")}` : ""}`;
}

function agreementText({ id, basis, effective, expires, terminated, timezone, levels, compartments, document, since }: KnownSince): string {
  const end = terminated === undefined ? (expires === undefined ? "without end" : `to ${expires}`) : `terminated ${terminated}`;
  return `${id} (${basis}) from ${effective} ${end}, ${timezone}: ${[...levels, ...compartments].join(", ")}${document === undefined ? "" : `; document sha256 ${document}`}; known since ${since}`;
}

function countedText({ code, rule, count, first, last }: Counted): string {
  return `${count} × ${code}${rule === undefined ? "" : ` ${rule}`}, ${first} to ${last}`;
}
