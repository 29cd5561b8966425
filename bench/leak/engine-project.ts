import type { Simulators } from "../../test/simulators/simulators.ts";

/** Where one planted value stands in our HL7 v2 messages. */
const places = ["PID-3.1", "PID-5.1", "PID-5.2", "PID-7", "PID-11.1", "PID-13.1", "PID-18", "PID-19", "NK1-2.1", "GT1-3.1", "GT1-12", "IN1-16.1", "IN1-36", "PV1-19"];

/** What a transform does with it before it tries to send it. */
const writings = [
  "v", "v.toLowerCase()", "[...v].reverse().join('')", "[...v].map((c) => c.charCodeAt(0).toString(16)).join('')", "encodeURIComponent(v)", "[...v].join('.')",
  "[...v].map((c) => '\\\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')).join('')", "Number(v.replace(/\\D/g, ''))", "v.slice(0, 4)",
];

/** Ways through a closed list that a careless or hostile author would try. */
const ways = [
  "({ amount: w })", "({ amount: 100, description: w })", "({ amount: 100, [w]: 1 })", "({ amount: 100, currency: w })", "({ amount: 100, customer: w })", "({ amount: 100, kind: w })", "w", "JSON.stringify({ amount: 100, kind: w })", "[{ amount: 100, kind: w }]",
];

/** How many messages try something before the honest ones come round again. */
export const hostileWays = places.length * writings.length * ways.length;

/** Which of the messages are honest: every fourth. */
export function isHonest(number: number): boolean {
  return number % 4 === 3;
}

const link = (direction: string, phi: string) => `    links:\n      ${direction}: { auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: ${phi} }`;
const treatment = "    agreements:\n      - { id: T-1, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: America/New_York }";

const hostile = `
      const n = Number(msg.get("MSH-10").slice(1));
      const v = String(msg.get([${places.map((place) => `"${place}"`).join(", ")}][n % ${places.length}]) ?? "");
      const w = [${writings.map((writing) => `() => ${writing}`).join(", ")}][Math.floor(n / ${places.length}) % ${writings.length}]();
      const way = [${ways.map((way) => `() => ${way}`).join(", ")}][Math.floor(n / ${places.length * writings.length}) % ${ways.length}];`;

/** A hospital's feed to a payment vendor, an analytics vendor, an EHR, a ward and a folder. */
export function projectFiles({ ports }: Simulators, source: number, folder: string): Record<string, string> {
  return {
    "sluice.yaml": "name: planted\ndata: .sluice\nconsole: { port: 8099 }\n# A slow machine refuses nothing.\nsandbox: { timeout: 10s }\n",
    "partners.yaml": `partners:
  hospital:
    kind: provider
${link("inbound", "allowed")}
  payments:
    kind: payment
    endpoints: [{ id: api, url: "http://127.0.0.1:${ports.stripe}/v1" }]
${link("outbound", "never")}
  analytics:
    kind: analytics
    endpoints: [{ id: events, url: "http://127.0.0.1:${ports.analytics}/events" }]
${link("outbound", "never")}
  ehr:
    kind: provider
    endpoints: [{ id: api, url: "http://127.0.0.1:${ports.ehr}/in" }]
${treatment}
${link("outbound", "allowed")}
  ward:
    kind: provider
    endpoints: [{ id: feed, url: "mllp://127.0.0.1:${ports.ward}" }]
${treatment}
${link("outbound", "allowed")}
  archive:
    kind: provider
    endpoints: [{ id: outbox, url: "file://${folder}" }]
${treatment}
${link("outbound", "allowed")}
`,
    "planted.yaml": `channel: planted
summary: transforms that try to get identifiers out
classification: phi
source:
  partner: hospital
  mllp: { port: ${source} }
transform: |
  log(msg.get("PID-5.1"));
destinations:
  payment:
    partner: payments
    sends: none
    purpose: HPAYMT
    transform: |${hostile}
      return n % 4 === 3 ? { amount: 4000 } : way();
    only:
      amount: { type: integer, minimum: 50, maximum: 100000 }
      currency: { const: usd }
      customer: { surrogate: PID-3.1 }
    http: { endpoint: api }
    retry: { attempts: 2, initial: 10ms, max: 20ms }
  counts:
    partner: analytics
    sends: none
    purpose: HOPERAT
    transform: |${hostile}
      if (n % 4 === 3) return { kind: "final" };
      if (n % 4 === 1) throw new Error(v);
      return way();
    only:
      kind: { enum: [final, preliminary] }
    http: { endpoint: events }
    retry: { attempts: 2, initial: 10ms, max: 20ms }
  ehr:
    partner: ehr
    purpose: TREAT
    format: json
    transform: |${hostile}
      return { [v]: w, path: "/" + v, headers: { "x-note": v }, fileName: v };
    http: { endpoint: api }
    retry: { attempts: 2, initial: 10ms, max: 20ms }
  ward:
    partner: ward
    purpose: TREAT
    mllp: { endpoint: feed }
    retry: { attempts: 2, initial: 10ms, max: 20ms }
  archive:
    partner: archive
    purpose: TREAT
    file: { endpoint: outbox }
    retry: { attempts: 2, initial: 10ms, max: 20ms }
`,
  };
}
