import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BigFormat } from "./big-input.ts";

/** A project that takes one folder's files apart and sends each record over HTTP. Everything is as in production. */
export function writeBigProject(folder: string, format: BigFormat, port: number): void {
  for (const name of ["in", "taken", "failed"]) mkdirSync(join(folder, name), { recursive: true });
  const link = `{ auth: none, allow: ["*"], limit: 1000000/s, audit: metadata, phi: allowed }`;
  writeFileSync(join(folder, "sluice.yaml"), "name: big\nsandbox: { walls: reduced, timeout: 10s }\n");
  writeFileSync(
    join(folder, "partners.yaml"),
    `partners:
  sender:
    kind: lab
    links: { inbound: ${link} }
  receiver:
    kind: provider
    endpoints:
      - { id: in, url: "http://127.0.0.1:${port}/in" }
    agreements:
      - { id: TREAT-1, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: America/New_York }
    links: { outbound: ${link} }
`,
  );
  writeFileSync(
    join(folder, "records.yaml"),
    `channel: records
classification: phi
source:
  partner: sender
  file: { directory: in, moveTo: taken, errorTo: failed, poll: 200ms, age: 0s }
  format: ${format}
  split: ${format === "csv" ? "records" : "batch"}
destinations:
  receiver:
    partner: receiver
    purpose: TREAT
    http: {}
    retry: { initial: 20ms, max: 200ms, attempts: 0 }
`,
  );
}
