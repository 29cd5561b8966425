import { readTree } from "../../codec/index.ts";
import type { Partner } from "../../config/project.ts";
import { codeOf } from "../../sdk/index.ts";
import type { Boundary, Refusal } from "../boundary.ts";
import { misfit } from "./allowed.ts";
import { configurationHash } from "./configuration-hash.ts";
import { policyOf } from "./formats.ts";

export { configurationHash } from "./configuration-hash.ts";
export { misfit } from "./allowed.ts";

type Asked = Parameters<Boundary["deidentify"]>[0];

/** The declassifier of a destination (phi.md 1.7). What it cannot read, or has no policy for, is refused. */
export function deidentify({ text, format, channel, destination, partner, raw, now, mint }: Asked): ReturnType<Boundary["deidentify"]> {
  const spec = destination.deidentify;
  if (!spec) return refuse("PHI-206", "declassifier");
  const wrong = misfit(spec);
  if (wrong) return refuse("PHI-232", wrong);
  if (spec.method === "expert" && !isExamined(destination, partner)) return refuse("PHI-232", "determination", spec.certificate);
  const policy = policyOf(format);
  if (!policy) return refuse("PHI-230", "policy", format);
  try {
    const patient = policyOf(channel.source.format)?.patientOf(raw) ?? {};
    const owner = channel.classification.owners.toSorted().join(" and ");
    const lowered = policy.deidentify(text, { spec, owner, partner: partner.name, now, mint, ...patient });
    // What leaves is what can be read.
    readTree(format, lowered);
    return { text: lowered, format };
  } catch (error) {
    const code = codeOf(error, "PHI-231");
    return refuse(code === "PHI-230" ? code : "PHI-231", code === "PHI-230" ? "policy" : `read ${code}`, format);
  }
}

/** An expert has examined this very configuration for this recipient (164.514(b)(1)); whether the determination is in force, the flow rule says. */
export function isExamined(destination: Asked["destination"], { name, agreements }: Partner): boolean {
  const certificate = destination.deidentify?.certificate;
  const determination = agreements.find(({ id, basis }) => id === certificate && basis === "expert-determination")?.determination;
  return determination?.recipients.includes(name) === true && determination.configHash === hashOf(destination);
}

const hashes = new WeakMap<Asked["destination"], string | undefined>();

/** Asked at every attempt, and of one destination it does not change. */
function hashOf(destination: Asked["destination"]): string | undefined {
  if (!hashes.has(destination)) hashes.set(destination, configurationHash(destination));
  return hashes.get(destination);
}

function refuse(code: Refusal["code"], rule: string, where?: string): { readonly refusal: Refusal } {
  return { refusal: where === undefined ? { code, rule } : { code, rule, where } };
}
