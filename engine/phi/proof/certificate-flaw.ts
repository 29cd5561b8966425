import { configurationHash } from "../deidentify/configuration-hash.ts";
import type { WayOut } from "./ways-out.ts";

/** Why an expert's determination does not hold for a destination, and the key that says it: `where` the certificate is named, or who gets it. */
export interface CertificateFlaw {
  readonly key: "certificate" | "partner";
  readonly message: string;
  readonly help: string;
}

/** The determination names this recipient and examined this very configuration (45 CFR 164.514(b)(1)). Dates are the business of L09. */
export function certificateFlaw({ destination, partner }: Pick<WayOut, "destination" | "partner">): CertificateFlaw | undefined {
  const { name, deidentify } = destination;
  const certificate = deidentify?.certificate;
  if (deidentify?.method !== "expert" || certificate === undefined) return undefined;
  const agreement = partner.agreements.find(({ id }) => id === certificate);
  const register = `register the determination under agreements of "${partner.name}" in partners.yaml:\n  { id: ${certificate}, basis: expert-determination, determination: { expert, configHash, recipients } }`;
  if (!agreement) return { key: "certificate", message: `"${partner.name}" has no agreement ${certificate}, on which destination "${name}" rests`, help: register };
  const { basis, determination } = agreement;
  if (basis !== "expert-determination" || !determination) {
    const lacks = basis === "expert-determination" ? "does not say what was determined" : `is of basis ${basis}, and no expert's determination`;
    return { key: "certificate", message: `the agreement ${certificate}, on which destination "${name}" rests, ${lacks}`, help: register };
  }
  if (!determination.recipients.includes(partner.name)) {
    return { key: "partner", message: `the determination ${certificate} was made for ${determination.recipients.join(", ")}, and not for ${partner.name}`, help: "send it to a recipient that the expert named, or have the expert determine for this one too" };
  }
  const computed = configurationHash(destination);
  if (determination.configHash === computed) return undefined;
  return {
    key: "certificate",
    message: `the configuration of destination "${name}" is not the one that ${certificate} examined: its hash is ${computed}`,
    help: "put the configuration back as the expert saw it (settings, closed list, code after deidentify, policies of the engine),\nor have the expert examine it anew and write that hash under configHash",
  };
}
