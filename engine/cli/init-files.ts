import type { ConnectorCatalogue } from "../config/project.ts";
import { hostOf, isLoopback } from "../config/lint/loopback.ts";
import { reaches } from "../phi/bases.ts";
import { editorSettings, generatedFiles, schemaLine } from "./editor-files.ts";
import type { NewReceiver, NewSender } from "./init-partners.ts";

/** What a new project is asked for. */
export interface NewProject {
  readonly name: string;
  readonly port: number;
  readonly sender: NewSender;
  readonly receiver: NewReceiver;
}

/** A small project that lints and tests green: results from one partner to another, and what an editor needs to help with it. */
export function projectFiles(project: NewProject, connectors: ConnectorCatalogue): Readonly<Record<string, string>> {
  return {
    "sluice.yaml": `${schemaLine("sluice.yaml")}name: ${project.name}\n`,
    "partners.yaml": `${schemaLine("partners.yaml")}${partners(project)}`,
    "lab-results.yaml": `${schemaLine("lab-results.yaml")}${channel(project)}`,
    "fixtures/oru-final.hl7": message("F"),
    "fixtures/oru-preliminary.hl7": message("P"),
    ".gitignore": ".sluice/\nsecrets/\n",
    ".gitattributes": "# Messages are bytes: their line ends belong to them.\nfixtures/* -text\n",
    ...editorSettings,
    ...generatedFiles(connectors),
  };
}

function partners({ sender, receiver }: NewProject): string {
  const { basis, from, until, address } = receiver;
  const purpose = purposeOf(receiver);
  const dates = `effective: ${from}${until === undefined ? "" : `, expires: ${until}`}, timezone: UTC`;
  const covered = receiver.compartments.length > 0 ? `, compartments: [${receiver.compartments.join(", ")}]` : "";
  const agreement = `      - { id: ${basis.toUpperCase()}-${receiver.name.toUpperCase()}, basis: ${basis}, levels: [phi]${covered}, purposes: [${purpose}], ${dates} }`;
  const auth = isLoopback(hostOf(address)) ? "none" : "tls";
  const isCovered = basis !== "none";
  return `# Who data comes from and goes to. A destination may send only to the endpoints written here, and only what an agreement covers.
partners:

  ${sender.name}:
    kind: ${sender.kind}
${sender.compartments.length > 0 ? `    ceiling: { compartments: [${sender.compartments.join(", ")}] }\n` : ""}    links:
      inbound: { auth: none, allow: [ORU^R01], limit: 50/s, audit: full, phi: allowed }

  ${receiver.name}:
    kind: ${receiver.kind}
    endpoints:
      - { id: results, url: "${address}" }
${isCovered ? `    agreements:\n${agreement}\n` : ""}    links:
      outbound: { auth: ${auth}, allow: [${isCovered ? "ORU^R01" : '"*"'}], limit: 50/s, audit: full, phi: ${isCovered ? "allowed" : "never"} }
`;
}

function channel(project: NewProject): string {
  const { port, sender, receiver } = project;
  const { name } = receiver;
  const isCovered = receiver.basis !== "none";
  return `channel: lab-results
summary: Final results from ${sender.name} to ${name}
classification: ${classification(project)}

source:
  partner: ${sender.name}
  mllp: { port: ${port} }
  types: [ORU^R01]

filter: { OBR-25: F }              # final results only

destinations:

${isCovered ? covered(receiver) : closed(receiver)}
tests:

  - name: a final result reaches the ${name}
    given: { file: fixtures/oru-final.hl7 }
    expect:
      ${name}: { contains: ${isCovered ? `{ MSH-5: ${applicationOf(name)}, OBX-5: "4.2" }` : "{ event: result, status: F }"} }

  - name: a preliminary result does not
    given: { file: fixtures/oru-preliminary.hl7 }
    expect: { ${name}: filtered }
`;
}

function covered(receiver: NewReceiver): string {
  const connector = receiver.address.startsWith("mllp") ? "mllp: { endpoint: results }" : "http: { endpoint: results, method: POST }";
  return `  ${receiver.name}:
    partner: ${receiver.name}
    purpose: ${purposeOf(receiver)}
    transform: |
      msg.set("MSH-5", "${applicationOf(receiver.name)}");
      return msg;
    ${connector}
`;
}

function closed({ name }: NewReceiver): string {
  return `  ${name}:
    partner: ${name}
    sends: none                    # no agreement: only what stands under "only" may leave, and nothing about a person
    transform: |
      return { status: msg.get("OBR-25") || undefined };
    only:
      event: { const: result }
      status: { enum: [O, I, S, A, P, C, R, F, X], optional: true }
    http: { endpoint: results, method: POST }
`;
}

/** What the sender may carry, as far as the receiver may have it: what is over that is quarantined. */
function classification({ sender, receiver }: NewProject): string {
  if (receiver.basis === "none" || sender.compartments.every((each) => receiver.compartments.includes(each))) return "phi";
  const common = sender.compartments.filter((each) => receiver.compartments.includes(each));
  return `{ level: phi, compartments: [${common.join(", ")}] }    # ${receiver.name} has no agreement for more`;
}

function purposeOf({ basis }: NewReceiver): string {
  return reaches[basis].purposes?.[0] ?? "HOPERAT";
}

/** MSH-5 as receivers write themselves. */
function applicationOf(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
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
