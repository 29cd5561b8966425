import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A project on disk whose folders are a partner's: files in, files out. */
export const sluiceYaml = "name: folders\nsandbox: { walls: reduced, timeout: 10s }\n";

export const link = `{ auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: allowed }`;

export const partnersYaml = (endpoints = `[{ id: outbox, url: "file://./out" }]`) => `partners:
  sender:
    kind: lab
    links: { inbound: ${link} }
  receiver:
    kind: provider
    endpoints: ${endpoints}
    agreements:
      - { id: TREAT-1, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: America/New_York }
    links: { outbound: ${link} }
`;

export const fileSource = (more = "") => `source:
  partner: sender
  file: { directory: in, moveTo: taken, errorTo: failed, poll: 50ms, age: 0s${more} }`;

/** Puts a file into `in`, whole at once: with an age of 0 s one that is written in its place may be seen, and taken, while it is still empty. */
export function place(root: string, name: string, text: string): void {
  writeFileSync(join(root, "staged"), text);
  renameSync(join(root, "staged"), join(root, "in", name));
}

export const result = (id: string, family = "EXEMPLAR") =>
  `MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301120000||ORU^R01|${id}|P|2.5.1\rPID|1||900123^^^NORTH^MR||${family}^ADA\rOBX|1|NM|718-7^Hemoglobin^LN||13.40|g/dL\r`;
