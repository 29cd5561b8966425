import { connect as connectPlain } from "node:net";
import { connect as connectTls } from "node:tls";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { secretRefs } from "../../config/index.ts";
import { vendors } from "../../config/vendors.ts";
import type { Agreement, Endpoint, Partner } from "../../config/project.ts";
import { standing } from "../../phi/agreements.ts";
import { endings, when } from "../../phi/index.ts";
import { Secrets } from "../../runtime/secrets.ts";
import { type Finding, type Patient, refused } from "./finding.ts";

const patienceMs = 3_000;

/** Secrets that the project names: there, not empty, and not open to others. */
export function secrets({ project, root, env }: Patient): Finding[] {
  if (!project) return [];
  const store = new Secrets(root, env);
  const refs = new Map(secretRefs(project).map(({ ref }) => [`${ref.source}:${ref.name}`, ref]));
  const found = [...refs].flatMap(([name, ref]): Finding[] => {
    try {
      store.open(ref);
      return [];
    } catch (error) {
      return [refused("secrets", "error", `\${${name}}`, error, "SEC-102", ref.source === "file" ? `put it into secrets/${ref.name}, mode 600` : `set ${ref.name} in the environment of the engine`)];
    }
  });
  if (found.length > 0 || refs.size === 0) return found;
  return [{ check: "secrets", verdict: "ok", what: `${refs.size} can be opened` }];
}

/** Partners that run a vendor's FHIR server, and where what the engine knows of such servers is said: none of it was tried. */
export function profiles({ project }: Patient): Finding[] {
  return [...(project?.partners.values() ?? [])].flatMap(({ name, profile }): Finding[] => {
    const vendor = profile === undefined ? undefined : vendors.get(profile);
    return vendor ? [{ check: "profiles", verdict: "ok", what: `${name}: ${vendor.name}, ${vendor.verified ? "verified" : "unverified"}; ${vendor.auth}; by ${vendor.sources.join("; ")}` }] : [];
  });
}

/** Agreements of partners that something is sent to: one that has ended holds up its lanes, one that ends will. */
export function agreements({ project, now }: Patient): Finding[] {
  if (!project) return [];
  const receivers = new Set(project.channels.flatMap(({ destinations }) => destinations.filter(({ sends }) => sends !== "none").map(({ partner }) => partner)));
  const partners = [...project.partners.values()].filter(({ name }) => receivers.has(name));
  const lapsed = partners.flatMap((partner) => partner.agreements.flatMap((agreement) => judged(partner, agreement, now)));
  const ending = endings(project.channels, (name) => project.partners.get(name), now).map((each): Finding => (
    { check: "agreements", verdict: "warning", code: "DOC-111", what: `${each.channel}/${each.destination}: ${each.agreement} with ${each.partner} ends on ${each.lastDay}, ${when(each)}`, help: renew }
  ));
  const found = [...lapsed, ...ending];
  const count = partners.reduce((sum, { agreements }) => sum + agreements.length, 0);
  if (found.length > 0 || count === 0) return found;
  return [{ check: "agreements", verdict: "ok", what: `${count} in force, and for 60 days at least` }];
}

const renew = "renew it in partners.yaml; what waits in a lane then goes out in order";

function judged(partner: Partner, agreement: Agreement, now: number): Finding[] {
  const today = standing(agreement, now);
  if (today === "in-force") return [];
  return [{ check: "agreements", verdict: "error", code: "DOC-110", what: `${agreement.id} with ${partner.name}: ${today}`, help: renew }];
}

/** Whether the pinned endpoints answer. Opens a connection and closes it; nothing is sent over it. */
export async function endpoints({ project, root }: Patient): Promise<Finding[]> {
  const all = [...(project?.partners.values() ?? [])].flatMap((partner) => partner.endpoints.map((endpoint) => ({ partner, endpoint })));
  return (await Promise.all(all.map(({ partner, endpoint }) => reached(partner, endpoint, root)))).flat();
}

const usualPorts: Readonly<Record<string, number>> = { "http:": 80, "https:": 443, "sftp:": 22, "postgres:": 5432, "mysql:": 3306, "smtp:": 587, "smtps:": 465 };

async function reached(partner: Partner, endpoint: Endpoint, root: string): Promise<Finding[]> {
  const url = URL.parse(endpoint.url);
  if (!url || url.protocol === "file:" || url.protocol === "sqlite:" || url.protocol === "lookup:" || url.protocol === "feed:") return [];
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port) || usualPorts[url.protocol];
  if (port === undefined) return [];
  const name = `${endpoint.id} of ${partner.name} (${host}:${port})`;
  const isSecure = url.protocol === "https:" || url.protocol === "mllps:" || url.protocol === "smtps:";
  const { ca, cert, key, servername = host } = endpoint.tls ?? {};
  try {
    const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(resolve(root, file)));
    const tls = isSecure ? { servername, minVersion: "TLSv1.2" as const, ca: read(ca), cert: read(cert), key: read(key) } : undefined;
    await opened(host, port, tls);
    return [{ check: "endpoints", verdict: "ok", what: `${name} answers` }];
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "no answer";
    const isTls = isSecure && !/^(ECONN|EHOST|ENET|ENOTFOUND|EAI|ETIMEDOUT|late)/.test(reason);
    if (isTls) return [{ check: "endpoints", verdict: "error", code: "DOC-113", what: `${name}: ${reason}`, help: "compare the endpoint's tls: in partners.yaml with what the partner gave you" }];
    return [{ check: "endpoints", verdict: "error", code: "DOC-112", what: `${name}: ${reason}`, help: "ask the partner, or look at the firewall; what is for it waits in its lane meanwhile" }];
  }
}

function opened(host: string, port: number, tls: object | undefined): Promise<void> {
  return new Promise((done, fail) => {
    const socket = tls ? connectTls({ host, port, ...tls }, () => end()) : connectPlain({ host, port }, () => end());
    const end = (error?: Error) => {
      clearTimeout(late);
      socket.destroy();
      if (error) fail(error);
      else done();
    };
    const late = setTimeout(() => end(Object.assign(new Error("late"), { code: "late" })), patienceMs);
    socket.on("error", end);
  });
}
