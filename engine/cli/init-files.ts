/** What a new project is asked for. */
export interface NewProject {
  readonly name: string;
  readonly port: number;
}

/** A small project that lints and tests green: results from a lab to a ward, over MLLP, on this machine. */
export function projectFiles({ name, port }: NewProject): Readonly<Record<string, string>> {
  return {
    "sluice.yaml": `name: ${name}\n`,
    "partners.yaml": partners,
    "lab-results.yaml": channel(port),
    "fixtures/oru-final.hl7": message("F"),
    "fixtures/oru-preliminary.hl7": message("P"),
    ".gitignore": ".sluice/\nsecrets/\n",
    ".gitattributes": "# Messages are bytes: their line ends belong to them.\nfixtures/* -text\n",
  };
}

const partners = `# Who data comes from and goes to. A destination may send only to the endpoints written here, and only what an agreement covers.
partners:

  lab:
    legalName: The laboratory that sends results
    kind: lab
    links:
      inbound: { auth: none, allow: [ORU^R01], limit: 50/s, audit: full, phi: allowed }

  ward:
    legalName: The ward that reads them
    kind: provider
    endpoints:
      - { id: results, url: "mllp://127.0.0.1:8052" }
    agreements:
      - { id: TREAT-WARD, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2026-01-01, timezone: UTC }
    links:
      outbound: { auth: none, allow: [ORU^R01], limit: 50/s, audit: full, phi: allowed }
`;

function channel(port: number): string {
  return `channel: lab-results
summary: Final results from the lab to the ward
classification: phi

source:
  partner: lab
  mllp: { port: ${port} }
  types: [ORU^R01]

filter: { OBR-25: F }              # final results only

destinations:

  ward:
    partner: ward
    purpose: TREAT
    transform: |
      msg.set("MSH-5", "WARD");
      return msg;
    mllp: { endpoint: results }

tests:

  - name: a final result reaches the ward
    given: { file: fixtures/oru-final.hl7 }
    expect:
      ward: { contains: { MSH-5: WARD, OBX-5: "4.2" } }

  - name: a preliminary result does not
    given: { file: fixtures/oru-preliminary.hl7 }
    expect: { ward: filtered }
`;
}

function message(status: string): string {
  return [
    `MSH|^~\\&|LIS|LAB|SLUICE|CLINIC|20260301142210-0500||ORU^R01^ORU_R01|MSG-${status}-1|T|2.5.1`,
    "PID|1||10023^^^CLINIC^MR||SAMPLE^PAT||19700101|F",
    `OBR|1|A-1|L-1|2823-3^Potassium^LN|||20260301133000-0500||||||||||||||||||${status}`,
    `OBX|1|NM|2823-3^Potassium^LN||4.2|mmol/L|3.5-5.1|N|||${status}`,
    "",
  ].join("\r");
}
