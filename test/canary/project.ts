export interface Ports {
  readonly mllp: number;
  readonly http: number;
  readonly ehr: number;
  readonly ward: number;
  readonly stripe: number;
  readonly broken: number;
  readonly nobody: number;
}

const link = (direction: string, phi: string) => `    links:\n      ${direction}: { auth: none, allow: ["*"], limit: 10000/s, audit: full, phi: ${phi} }`;
const treatment = "    agreements:\n      - { id: T-1, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: America/New_York }";
const partner = (name: string, kind: string, url: string, phi: string, agreements = "") => `  ${name}:\n    kind: ${kind}\n    endpoints: [{ id: to, url: "${url}" }]\n${agreements ? `${agreements}\n` : ""}${link("outbound", phi)}\n`;
const retry = "    retry: { attempts: 2, initial: 10ms, max: 20ms }";

/** Cleared partners over HTTP, MLLP and files; one without agreement; one that answers with the message; one that nobody runs; code that throws and logs. */
export function projectFiles(ports: Ports, outbox: string): Record<string, string> {
  return {
    "sluice.yaml": "name: canary\ndata: .sluice\nconsole: { port: 8099 }\n",
    "partners.yaml": `partners:
  lab:
    kind: lab
${link("inbound", "allowed")}
${partner("ehr", "provider", `http://127.0.0.1:${ports.ehr}/in`, "allowed", treatment)}${partner("ward", "provider", `mllp://127.0.0.1:${ports.ward}`, "allowed", treatment)}${partner("archive", "provider", `file://${outbox}`, "allowed", treatment)}${partner("broken", "provider", `http://127.0.0.1:${ports.broken}/in`, "allowed", treatment)}${partner("nobody", "provider", `http://127.0.0.1:${ports.nobody}/in`, "allowed", treatment)}${partner("stripe", "payment", `http://127.0.0.1:${ports.stripe}/v1`, "never")}`,
    "results.yaml": `channel: results
summary: every way that a message can go
classification: phi
source:
  partner: lab
  mllp: { port: ${ports.mllp} }
  types: ["ORU^R01", "ADT^*"]
order: { by: PID-3.1 }
transform: |
  log(msg.get("PID-5.1"), msg.toString());
destinations:
  ehr:
    partner: ehr
    purpose: TREAT
    format: json
    transform: |
      return { [msg.get("PID-5.1")]: msg.get("PID-3.1"), path: msg.get("PID-19") };
    http: { endpoint: to }
${retry}
  ward:
    partner: ward
    purpose: TREAT
    mllp: { endpoint: to }
${retry}
  archive:
    partner: archive
    purpose: TREAT
    file: { endpoint: to }
${retry}
  broken:
    partner: broken
    purpose: TREAT
    format: json
    transform: |
      return { family: msg.get("PID-5.1"), given: msg.get("PID-5.2") };
    http: { endpoint: to }
${retry}
  nobody:
    partner: nobody
    purpose: TREAT
    format: json
    transform: |
      return { family: msg.get("PID-5.1") };
    http: { endpoint: to }
${retry}
  throws:
    partner: ehr
    purpose: TREAT
    format: json
    transform: |
      throw Object.assign(new Error(msg.toString()), { code: msg.get("PID-5.1") });
    http: { endpoint: to }
${retry}
  payment:
    partner: stripe
    sends: none
    purpose: HPAYMT
    transform: |
      return Number(msg.get("MSH-10").slice(2)) % 2 ? { amount: 4000 } : { amount: 4000, note: msg.get("PID-5.1") };
    only:
      amount: { type: integer, minimum: 50, maximum: 100000 }
      customer: { surrogate: PID-3.1 }
    http: { endpoint: to }
${retry}
`,
    "visits.yaml": `channel: visits
summary: JSON over HTTP, whose type and ids are the patient's
classification: phi
source:
  partner: lab
  http: { port: ${ports.http}, path: /in }
  format: json
destinations:
  ward:
    partner: ehr
    purpose: TREAT
    format: json
    transform: |
      return JSON.parse(msg.toString());
    http: { endpoint: to }
${retry}
`,
  };
}
