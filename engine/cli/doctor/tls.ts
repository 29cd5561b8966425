import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Project } from "../../config/project.ts";
import { day, type Finding, type Patient, soonMs } from "./finding.ts";

interface Files {
  readonly of: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** Every certificate and key that the project names: readable, valid today and for a while, and belonging together. */
export function tls(patient: Patient): Finding[] {
  const all = patient.project ? filesOf(patient.project) : [];
  if (all.length === 0) return [];
  const found = all.flatMap((files) => look(files, patient));
  return found.length > 0 ? found : [{ check: "tls", verdict: "ok", what: `certificates and keys of ${all.length} ${all.length === 1 ? "place" : "places"}` }];
}

function filesOf(project: Project): Files[] {
  const sources = project.channels.flatMap(({ name, source }) => {
    const written = source.options["tls"] as Omit<Files, "of"> | undefined;
    return written ? [{ of: `the source of ${name}`, ...written }] : [];
  });
  const endpoints = [...project.partners.values()].flatMap(({ name, endpoints }) =>
    endpoints.flatMap(({ id, tls }) => (tls ? [{ of: `endpoint ${id} of ${name}`, ...tls }] : [])),
  );
  return [...sources, ...endpoints];
}

function look(files: Files, { root, now }: Patient): Finding[] {
  const path = (file: string) => resolve(root, file);
  const certificates = new Map<string, readonly X509Certificate[]>();
  const found: Finding[] = [];
  for (const part of ["cert", "ca"] as const) {
    const file = files[part];
    if (file === undefined) continue;
    try {
      const chain = chainOf(readFileSync(path(file), "utf8"));
      certificates.set(part, chain);
      found.push(...chain.flatMap((certificate) => validity(certificate, `${file} of ${files.of}`, now)));
    } catch {
      found.push(unreadable(file, files));
    }
  }
  if (files.key !== undefined) found.push(...keyOf(files, path(files.key), certificates.get("cert")?.[0]));
  return found;
}

function keyOf(files: Files, path: string, certificate: X509Certificate | undefined): Finding[] {
  const file = files.key ?? "";
  try {
    const key = createPrivateKey(readFileSync(path));
    const mode = statSync(path).mode & 0o777;
    const open: Finding[] = (mode & 0o077) === 0 ? [] : [{ check: "tls", verdict: "warning", code: "DOC-109", what: `${file} of ${files.of} has mode ${mode.toString(8)}`, help: `chmod 600 ${file}` }];
    if (!certificate || certificate.checkPrivateKey(key)) return open;
    return [...open, { check: "tls", verdict: "error", code: "DOC-108", what: `${file} of ${files.of}`, help: "put certificate and key of one request there" }];
  } catch {
    return [unreadable(file, files)];
  }
}

function unreadable(file: string, { of }: Files): Finding {
  return { check: "tls", verdict: "error", code: "NET-103", what: `${file} of ${of} cannot be read as PEM`, help: "paths begin at the folder of sluice.yaml" };
}

function validity(certificate: X509Certificate, what: string, now: number): Finding[] {
  const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (now < from) return [{ check: "tls", verdict: "error", code: "DOC-106", what: `${what} begins on ${day(from)}`, help: "look at the clock, or take the certificate that is valid now" }];
  if (now > until) return [{ check: "tls", verdict: "error", code: "DOC-106", what: `${what} ended on ${day(until)}`, help: "renew it; a running engine takes the new files without a restart" }];
  if (now + soonMs > until) return [{ check: "tls", verdict: "warning", code: "DOC-107", what: `${what} ends on ${day(until)}`, help: "renew it; a running engine takes the new files without a restart" }];
  return [];
}

/** A chain is several blocks in one file. */
function chainOf(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g);
  if (!blocks) throw new Error("no certificate");
  return blocks.map((block) => new X509Certificate(block));
}
