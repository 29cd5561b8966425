import { connect as connectPlain } from "node:net";
import { connect as connectTls } from "node:tls";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { secretRefs } from "../../config/index.ts";
import type { Agreement, Endpoint, Partner } from "../../config/project.ts";
import { standing } from "../../phi/agreements.ts";
import { Secrets } from "../../runtime/secrets.ts";
import { type Finding, type Patient, refused, soonMs } from "./finding.ts";

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

/** Agreements of partners that something is sent to: one that has ended holds up its lanes, one that ends will. */
export function agreements({ project, now }: Patient): Finding[] {
  if (!project) return [];
  const receivers = new Set(project.channels.flatMap(({ destinations }) => destinations.filter(({ sends }) => sends !== "none").map(({ partner }) => partner)));
  const partners = [...project.partners.values()].filter(({ name }) => receivers.has(name));
  const found = partners.flatMap((partner) => partner.agreements.flatMap((agreement) => judged(partner, agreement, now)));
  const count = partners.reduce((sum, { agreements }) => sum + agreements.length, 0);
  if (found.length > 0 || count === 0) return found;
  return [{ check: "agreements", verdict: "ok", what: `${count} in force, and for 30 days at least` }];
}

function judged(partner: Partner, agreement: Agreement, now: number): Finding[] {
  const what = `${agreement.id} with ${partner.name}`;
  const help = "renew it in partners.yaml; what waits in a lane then goes out in order";
  const today = standing(agreement, now);
  if (today !== "in-force") return [{ check: "agreements", verdict: "error", code: "DOC-110", what: `${what}: ${today}`, help }];
  if (standing(agreement, now + soonMs) === "in-force") return [];
  const last = [agreement.expires, agreement.terminated].filter((date) => date !== undefined).toSorted()[0];
  return [{ check: "agreements", verdict: "warning", code: "DOC-111", what: `${what} ends on ${last}`, help }];
}

/** Whether the pinned endpoints answer. Opens a connection and closes it; nothing is sent over it. */
export async function endpoints({ project, root }: Patient): Promise<Finding[]> {
  const all = [...(project?.partners.values() ?? [])].flatMap((partner) => partner.endpoints.map((endpoint) => ({ partner, endpoint })));
  return (await Promise.all(all.map(({ partner, endpoint }) => reached(partner, endpoint, root)))).flat();
}

const usualPorts: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

async function reached(partner: Partner, endpoint: Endpoint, root: string): Promise<Finding[]> {
  const url = URL.parse(endpoint.url);
  if (!url || url.protocol === "file:") return [];
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port) || usualPorts[url.protocol];
  if (port === undefined) return [];
  const name = `${endpoint.id} of ${partner.name} (${host}:${port})`;
  const isSecure = url.protocol === "https:" || url.protocol === "mllps:";
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
