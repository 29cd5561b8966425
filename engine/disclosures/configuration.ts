import { createHash } from "node:crypto";
import { canonical } from "../codec/json/index.ts";
import type { Project } from "../config/project.ts";
import { agreementNote, partnerHash } from "../phi/brief.ts";
import { egressMap, policiesOf } from "../phi/index.ts";
import type { Notice } from "../store/ledger/notice.ts";

/** Who may get what from now on, for those who read the ledger without the project: partners, agreements, and the hash of the egress map. */
export function configurationNotice(project: Project, now: number): Notice {
  const map: unknown = JSON.parse(JSON.stringify(egressMap(project, now)));
  return {
    kind: "configuration",
    owner: project.settings.owner,
    egressMap: createHash("sha256").update(canonical(map)).digest("hex"),
    policies: [...new Set(project.channels.flatMap(({ destinations }) => destinations.flatMap(({ deidentify }) => policiesOf(deidentify))))].toSorted(),
    partners: [...project.partners.values()].map((partner) => ({
      name: partner.name, hash: partnerHash(partner), kind: partner.kind, agreements: partner.agreements.map(agreementNote),
      ...(partner.legalName !== undefined && { legalName: partner.legalName }), ...(partner.address !== undefined && { address: partner.address }),
    })),
  };
}
