/** A project of one channel on loopback, written out so that a test can change one line of it. */
export interface SmallPorts {
  readonly source: number;
  readonly ehr: number;
  readonly ward: number;
}

/** Code that ends has time enough on a machine with neighbours; a test of code that does not end gives it less. */
export const sluiceYaml = `name: small
data: .sluice
console: { port: 8099 }
sandbox: { timeout: 10s }
`;

export function partnersYaml({ ehr, ward }: SmallPorts, wardExpires = "2099-12-31"): string {
  const agreement = (id: string, basis: string, expires: string) => `
      - id: ${id}
        basis: ${basis}
        levels: [phi]
        purposes: [TREAT]
        effective: 2020-01-01
        expires: ${expires}
        timezone: America/New_York
        document: { ref: contracts/${id}.pdf, sha256: "${"0".repeat(64)}" }`;
  const link = (direction: string, allow: string) => `
      ${direction}: { auth: none, allow: [${allow}], limit: 10000/s, audit: metadata, phi: allowed }`;
  return `partners:
  lab:
    kind: lab
    agreements:${agreement("LAB-1", "treatment", "2099-12-31")}
    links:${link("inbound", '"ORU^R01", "ADT^*"')}
  ehr:
    kind: provider
    endpoints:
      - { id: api, url: "http://127.0.0.1:${ehr}/in" }
    agreements:${agreement("EHR-1", "treatment", "2099-12-31")}
    links:${link("outbound", '"*"')}
  ward:
    kind: provider
    endpoints:
      - { id: feed, url: "mllp://127.0.0.1:${ward}" }
    agreements:${agreement("WARD-1", "treatment", wardExpires)}
    links:${link("outbound", '"*"')}
`;
}

export function channelYaml({ source }: SmallPorts, wardTransform = 'msg.set("MSH-3", "SLUICE");'): string {
  return `channel: results
summary: results to the EHR and the ward
classification: phi
source:
  partner: lab
  mllp: { port: ${source} }
  format: hl7v2
  types: ["ORU^R01", "ADT^*"]
  ack: stored
destinations:
  ehr:
    partner: ehr
    purpose: TREAT
    format: fhir
    transform: |
      return { resourceType: "Bundle", type: "transaction", id: msg.get("MSH-10"), entry: [{ resource: { resourceType: "Patient", name: [{ family: msg.get("PID-5.1") }] } }] };
    clinical: { exceptions: [{ name: patients-alone, allows: [CLN-101, CLN-111, CLN-112], reason: This record wants the patient alone, approved: { by: test, date: 2026-01-01 } }] }
    http: { method: POST }
    retry: { attempts: 3, initial: 10ms, max: 50ms }
  ward:
    partner: ward
    purpose: TREAT
    transform: |
      ${wardTransform}
    mllp: { timeout: 20s }
    retry: { attempts: 3, initial: 10ms, max: 50ms }
`;
}

/** A result in the shape of a laboratory's feed. */
export function oru(controlId: string, family = "EXEMPLAR"): string {
  return [
    `MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301120000||ORU^R01|${controlId}|P|2.5.1`,
    `PID|1||900123^^^NORTH^MR||${family}^ADA^Q||19700102|F|||12 SAMPLE ST^^SPRINGFIELD^IL^62701||2175550143`,
    "OBR|1|P100|F200|718-7^Hemoglobin^LN|||20260301113000",
    "OBX|1|NM|718-7^Hemoglobin^LN||13.40|g/dL|12.0-16.0|N|||F",
    "",
  ].join("\r");
}
