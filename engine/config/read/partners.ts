import { checkOf } from "../check/check.ts";
import type { Explain } from "../check/problem.ts";
import { type Agreement, type Endpoint, type Link, levels, type Partner, type SigningApplication } from "../project.ts";
import { bases, decisions, linkAuths, partnersSchema } from "../schema/partners.ts";
import { self } from "../self.ts";
import { find } from "../yaml/node.ts";
import { placed } from "../yaml/place.ts";
import { withSecrets } from "./secrets.ts";
import { checkFile, type CheckedFile } from "./checked-file.ts";
import { readCredentials } from "./credentials.ts";
import { type Reading, readYaml } from "./reading.ts";
import { choice, limit, list, map, optional, text, texts } from "./tolerant.ts";

const check = checkOf(partnersSchema);

export interface PartnersRead {
  readonly partners: ReadonlyMap<string, Partner>;
  /** Names of parties with a mistake inside: what they permit is not known. */
  readonly broken: ReadonlySet<string>;
  /** Whether the file could be read at all; if not, no name can be called unknown. */
  readonly isReadable: boolean;
}

/** `owner`: the covered entity of the installation, which stands where a party or agreement names none. */
export function readPartners(reading: Reading, owner: string): PartnersRead {
  const file = "partners.yaml";
  const node = readYaml(reading, file);
  if (!node) return { partners: new Map(), broken: new Set(), isReadable: false };
  const checked = checkFile(reading, file, node, check, explainPartners);
  const partners = new Map<string, Partner>();
  const broken = new Set<string>();
  for (const [name, value] of Object.entries(map(map(checked.value).partners))) {
    partners.set(name, toPartner(checked, name, map(value), owner));
    if (name === self) {
      const message = `"${self}" stands for the engine itself, and needs no entry`;
      checked.report({ code: "CFG-137", path: ["partners", name], target: "key", message, help: "remove it, or give the partner another name" });
    }
    if (checked.isBroken(["partners", name])) broken.add(name);
  }
  return { partners, broken, isReadable: find(node, ["partners"])?.kind === "map" };
}

/** A link that lacks decisions is one mistake, whichever are missing. */
const explainPartners: Explain = (error, path) => {
  if (error.keyword !== "required" || path[2] !== "links" || path.length !== 4) return undefined;
  const missing = decisions.filter((d) => (error.params.missingProperties as string[]).includes(d));
  return {
    code: "CFG-153",
    path,
    target: "key",
    message: `the ${path[3]} link of "${path[1]}" does not decide: ${missing.join(", ")}`,
    help: "every link states auth, allow, limit, audit and phi; there are no defaults",
  };
};

function toPartner(checked: CheckedFile, name: string, value: Readonly<Record<string, unknown>>, owner: string): Partner {
  const root = checked.place.node;
  const node = find(root, ["partners", name]) ?? root;
  const links = map(value.links);
  const agreements = list(value.agreements).map((agreement, i) => toAgreement(checked, ["partners", name, "agreements", i], map(agreement), owner));
  const ceiling = map(value.ceiling);
  const part2 = value.part2Program === true;
  const with2 = (given: readonly string[], word: string) => (part2 && !given.includes(word) ? [...given, word] : given);
  const reply = value.reply === undefined ? undefined : toReply(map(value.reply));
  if (reply && reply.compartments.length > 0 && (reply.level === "none" || reply.level === "deidentified")) {
    const message = `answers of level ${reply.level} hold no compartment`;
    checked.report({ code: "CFG-187", path: ["partners", name, "reply", "compartments"], target: "key", message, help: "take the compartments away, or raise the level" });
  }
  return {
    place: placed(checked.file, node, checked.place.atKey("partners", name)),
    name,
    ...optional("legalName", value.legalName as string | undefined),
    kind: text(value.kind, "other"),
    endpoints: list(value.endpoints).map((endpoint, i) => toEndpoint(map(withSecrets(endpoint, `/partners/${name}/endpoints/${i}`, checked.secretPlaces)))),
    agreements,
    links: {
      ...optional("inbound", links.inbound === undefined ? undefined : toLink(map(links.inbound))),
      ...optional("outbound", links.outbound === undefined ? undefined : toLink(map(links.outbound))),
    },
    owner: text(value.owner, owner),
    ...optional("address", value.address as string | undefined),
    ceiling: {
      ...optional("level", ceiling.level === undefined ? undefined : choice(ceiling.level, levels, "phi")),
      compartments: with2(texts(ceiling.compartments), "part2"),
      ...optional("purposes", ceiling.purposes === undefined ? undefined : texts(ceiling.purposes)),
      obligations: with2(texts(ceiling.obligations), "part2-notice"),
    },
    ...(part2 && { part2Program: true }),
    mayDeidentify: value.mayDeidentify === true,
    ...optional("reply", reply),
    ...optional("credentials", value.credentials === undefined ? undefined : readCredentials(checked, name, value.credentials)),
    breakGlass: value.breakGlass === true,
    ...optional("profile", value.profile === undefined ? undefined : text(value.profile)),
    ...optional("urlIds", value.urlIds === "acknowledged" ? ("acknowledged" as const) : undefined),
    ...optional("signing", value.signing === undefined ? undefined : toSigning(map(value.signing))),
  };
}

function toReply(value: Readonly<Record<string, unknown>>): NonNullable<Partner["reply"]> {
  return { level: choice(value.level, levels, "phi"), compartments: texts(value.compartments) };
}

function toSigning({ application, version, key, audit }: Readonly<Record<string, unknown>>): SigningApplication {
  const { auditor, date, version: audited, document } = map(audit);
  return {
    name: text(application),
    version: text(version),
    key: text(key),
    audit: { auditor: text(auditor), date: text(date), isOfThisVersion: audited === version, document: map(document) as SigningApplication["audit"]["document"] },
  };
}

function toEndpoint(value: Readonly<Record<string, unknown>>): Endpoint {
  return { id: text(value.id), url: text(value.url), ...optional("tls", value.tls as Endpoint["tls"]), ...optional("login", value.login as Endpoint["login"]), ...optional("hostKeys", value.hostKeys as Endpoint["hostKeys"]) };
}

function toAgreement(checked: CheckedFile, path: readonly (string | number)[], value: Readonly<Record<string, unknown>>, owner: string): Agreement {
  const timezone = text(value.timezone, "UTC");
  if (!isZone(timezone)) {
    const message = `"timezone" is no zone of the time zone database`;
    checked.report({ code: "CFG-123", path: [...path, "timezone"], target: "value", message, help: "write a name such as America/New_York or UTC" });
  }
  const isExpert = value.basis === "expert-determination";
  // A misspelt key of it is told already, and may be the determination.
  if (isExpert !== (value.determination !== undefined) && !checked.isBroken(path) && bases.some((basis) => basis === value.basis)) {
    const message = isExpert ? `an agreement of basis expert-determination lacks "determination"` : `"determination" belongs to basis expert-determination, and this one is ${text(value.basis)}`;
    const help = isExpert ? "state under it the expert, the hash of what was examined, and the recipients (45 CFR 164.514(b)(1))" : "take it away, or change the basis";
    checked.report({ code: "CFG-186", path: isExpert ? [...path, "basis"] : [...path, "determination"], target: isExpert ? "value" : "key", message, help });
  }
  return {
    id: text(value.id),
    basis: choice(value.basis, bases, "none"),
    levels: levels.filter((level) => texts(value.levels).includes(level)),
    compartments: texts(value.compartments),
    purposes: texts(value.purposes),
    owners: value.owners === undefined ? [owner] : texts(value.owners),
    mayAggregateOwners: value.mayAggregateOwners === true,
    ...optional("determination", value.determination === undefined ? undefined : toDetermination(map(value.determination))),
    effective: text(value.effective),
    ...optional("expires", value.expires as string | undefined),
    ...optional("terminated", value.terminated as string | undefined),
    timezone,
    ...optional("document", value.document as Agreement["document"]),
  };
}

function toDetermination(value: Readonly<Record<string, unknown>>): NonNullable<Agreement["determination"]> {
  return { expert: text(value.expert), configHash: text(value.configHash), recipients: texts(value.recipients) };
}

function toLink(value: Readonly<Record<string, unknown>>): Link {
  return {
    auth: choice(value.auth, linkAuths, "mtls"),
    allow: texts(value.allow),
    limit: limit(value.limit),
    audit: choice(value.audit, ["full", "metadata"], "full"),
    phi: choice(value.phi, ["allowed", "never"], "never"),
  };
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
