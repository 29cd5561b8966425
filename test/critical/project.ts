import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface CriticalPorts {
  readonly intake: number;
  readonly pager: number;
}

/** Results in, alerts out: what an analyst would write, over real sockets. `hasLimits: false` leaves the site's limits out. */
export function writeCriticalProject(folder: string, { intake, pager }: CriticalPorts, hasLimits: boolean): void {
  mkdirSync(join(folder, "lookups"), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const endpoint = (id: string) => `      - { id: ${id}, url: "http://127.0.0.1:${pager}/${id}" }`;
  const agreement = "      - { id: T1, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }";
  const link = '{ auth: none, allow: ["*"], limit: 1000000/s, audit: full, phi: allowed }';
  write("sluice.yaml", "name: critical\nsandbox: { walls: reduced, timeout: 10s }\n");
  write("lookups/critical-ranges.yaml", '"2823-3|mmol/L": 2.5..6.0\n');
  write("partners.yaml", ["partners:", "  lab:", "    kind: lab", "    links:", `      inbound: ${link}`, "  pager:", "    kind: provider", "    endpoints:", ...["first", "second"].map(endpoint), "    agreements:", agreement, "    links:", `      outbound: ${link}`, ""].join("\n"));
  write("results.yaml", `channel: results
classification: phi
source:
  partner: lab
  mllp: { port: ${intake} }
  types: [ORU^R01]
destinations:
  pager:
    partner: pager
    purpose: TREAT
    format: json
    alert:
      when: critical
      owner: lab-desk
${hasLimits ? "      ranges: critical-ranges\n" : ""}      acknowledge: { within: 2s, escalate: [second], answer: acknowledgedBy }
    transform: |
      return { alert: meta.id, order: msg.get("OBR-3.1") };
    http: { endpoint: first, method: POST, timeout: 2s }
    retry: { initial: 50ms, max: 1s }
`);
}

/** Why a result is critical, by its number; `undefined`: it is not. */
const kinds: readonly (readonly [value: string, flag: string] | undefined)[] = [["7.1", "HH"], undefined, ["1.9", "LL"], undefined, ["6.8", ""], ["4.0", "ZZ"], undefined, ["6.0", ">"], ["hemolyzed", ""], ["4.1", "AA"]];

export function isCritical(n: number): boolean {
  return kinds[n % kinds.length] !== undefined;
}

export function resultOf(n: number): string {
  const [value, flag] = kinds[n % kinds.length] ?? ["4.2", "N"];
  return [
    `MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301120000||ORU^R01|R${n}|P|2.5.1`,
    `PID|1||9${n}^^^NORTH^MR||EXEMPLAR^ADA`,
    `OBR|1|P${n}|F${n}|2823-3^Potassium^LN`,
    `OBX|1|NM|2823-3^Potassium^LN||${value}|mmol/L|3.5-5.1|${flag}|||F`,
    "",
  ].join("\r");
}
