import type { DestinationSpec, Partner } from "../config/project.ts";
import { isSelf } from "../config/self.ts";
import type { Label } from "./boundary.ts";

/** Formats in which the engine has a place for the notice of 42 CFR 2.32. */
const noticed: readonly string[] = ["hl7v2", "fhir"];

/** Obligations that a statement beside the data discharges. */
export const byNotice: readonly string[] = ["part2-notice", "no-redisclosure"];

/** What of a label's obligations this way out cannot discharge (phi.md 1.6, 5): such data does not leave by it. What nobody knows is never discharged. */
export function undischarged({ obligations }: Pick<Label, "obligations">, destination: DestinationSpec, partner: Partner, isReply = false): readonly string[] {
  return obligations.filter((obligation) => {
    // It has not left: whoever takes it over owes it from then on.
    if (isSelf(partner.name)) return !partner.ceiling.obligations.includes(obligation);
    if (isReply) return true;
    if (byNotice.includes(obligation)) return !takesNotice(destination);
    return obligation !== "encryption" || !isEncrypted(destination, partner);
  });
}

/** Whether the engine can put the notice into what this destination sends. A closed list has no place for it. */
export function takesNotice({ format, only }: Pick<DestinationSpec, "format" | "only">): boolean {
  return only === undefined && noticed.includes(format);
}

/** Through TLS or SSH, or into a folder or file of this machine. Where several endpoints may be meant, by all of them. */
function isEncrypted({ options }: DestinationSpec, { endpoints }: Partner): boolean {
  const named = endpoints.filter(({ id }) => options.endpoint === undefined || options.endpoint === id);
  return named.length > 0 && named.every(({ url, tls }) => /^(https|mllps|file|sftp|smtps|sqlite|lookup):/.test(url) || (tls !== undefined && /^(postgres|mysql|smtp):/.test(url)));
}
