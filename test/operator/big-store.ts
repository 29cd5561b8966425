import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProject } from "../../engine/cli/compose.ts";
import { systemClock, systemRandom } from "../../engine/runtime/clock.ts";
import { identityKey } from "../../engine/runtime/identity-key.ts";
import { openStore, type Settlement } from "../../engine/store/index.ts";
import { freePort } from "../flow/engine-on-disk.ts";
import { oru, sluiceYaml } from "../flow/small-project.ts";

export interface BigPorts {
  readonly lab: number;
  readonly adt: number;
  readonly ehr: number;
  readonly ward: number;
  readonly registry: number;
}

/** What was put into the record, kept by whoever put it there: what commands say is compared with it. */
export interface BigStore {
  readonly root: string;
  readonly ports: BigPorts;
  /** Messages in the record. */
  readonly count: number;
  /** Every delivery to the EHR: when, and of which message. */
  readonly ehrDeliveries: readonly { readonly at: number; readonly id: number }[];
  /** Failures toward the EHR: when each came to its end. */
  readonly ehrFailures: readonly { readonly at: number; readonly id: number }[];
  /** By channel: when each message came. */
  readonly received: readonly { readonly at: number; readonly id: number; readonly channel: string }[];
  /** A message that the ward rejected, and what it was answered with. */
  readonly rejected: number;
  remove(): void;
}

const day = 86_400_000;
/** So many of the newest have what was sent kept with them. */
const filled = 300;
const group = 4000;
/** What waits for the ward. */
const waiting = 40;

/** A record of two days on two channels, as busy ones leave it: delivered, filtered, failed yesterday and today, rejected, waiting. */
export async function bigStore(count: number, now = Date.now()): Promise<BigStore> {
  const root = mkdtempSync(join(tmpdir(), "sluice-big-"));
  const ports: BigPorts = { lab: await freePort(), adt: await freePort(), ehr: await freePort(), ward: await freePort(), registry: await freePort() };
  for (const [name, text] of Object.entries(filesOf(ports))) writeFileSync(join(root, name), text);
  const { project } = await loadProject(root);
  const revision = (name: string) => project.channels.find((channel) => channel.name === name)?.revision ?? "";
  const revisions = { results: revision("results"), admissions: revision("admissions") };
  const data = join(root, ".sluice");
  const store = await openStore({ dir: data, clock: systemClock, random: systemRandom, minFreeBytes: 0, allowVolatile: true, writer: "inline" });
  // As the first start of an engine does: later ones refuse a record without it.
  identityKey(data, systemRandom, { hasMessages: false });
  const ehrDeliveries: { at: number; id: number }[] = [];
  const ehrFailures: { at: number; id: number }[] = [];
  const received: { at: number; id: number; channel: string }[] = [];
  let rejected = 0;
  const begin = now - 2 * day;
  for (let from = 0; from < count; from += group) {
    const some = Array.from({ length: Math.min(group, count - from) }, (_, i) => from + i);
    const accepted = await Promise.all(
      some.map((n) => {
        const channel = n % 2 === 0 ? "results" : "admissions";
        const controlId = controlIdOf(n, count);
        const text = channel === "results" ? oru(controlId) : adt(controlId);
        const lanes = channel === "results" ? ["results/ehr", "results/ward"] : ["admissions/ehr", "admissions/registry"];
        return store.accept({
          channel, revision: revisions[channel], receivedAt: begin + Math.floor((n * 2 * day) / count), raw: { format: "hl7v2", bytes: Buffer.from(text) }, lanes,
          controlId, type: channel === "results" ? "ORU^R01" : "ADT^A01",
        });
      }),
    );
    const settlements: Settlement[] = [];
    const fills: Promise<void>[] = [];
    for (const [i, n] of some.entries()) {
      const id = accepted[i]?.id ?? 0;
      const at = begin + Math.floor((n * 2 * day) / count) + 40;
      const channel = n % 2 === 0 ? "results" : "admissions";
      received.push({ at: at - 40, id, channel });
      const kept = n >= count - filled;
      if (kept) {
        fills.push(store.fill(`${channel}/ehr`, id, { format: "fhir", bytes: Buffer.from(bundle(controlIdOf(n, count))) }, []));
        if (channel === "results") fills.push(store.fill("results/ward", id, { format: "hl7v2", bytes: Buffer.from(oru(controlIdOf(n, count)).replace("|LIS|", "|SLUICE|")) }, []));
      }
      const ehrLane = `${channel}/ehr`;
      if (n % 500 === 8) {
        settlements.push({ lane: ehrLane, id, state: "dead", at, attempts: 8, code: "LAN-101", reason: "last: NET-205" });
        ehrFailures.push({ at, id });
      } else {
        settlements.push({ lane: ehrLane, id, state: "delivered", at, attempts: 1 });
        ehrDeliveries.push({ at, id });
      }
      if (channel === "admissions") {
        if (n < count - 10) settlements.push({ lane: "admissions/registry", id, state: "delivered", at, attempts: 1 });
      } else if (n % 5000 === 4444) {
        rejected = id;
        settlements.push({ lane: "results/ward", id, state: "rejected", at, attempts: 1, code: "MLP-203" });
      } else if (!waits(n, count)) settlements.push({ lane: "results/ward", id, state: "delivered", at, attempts: 1 });
    }
    await Promise.all(fills);
    await Promise.all(settlements.map((settlement) => store.settle(settlement)));
  }
  await store.setPaused("admissions/ehr", { at: now - 3_600_000, reason: "the EHR is migrated" });
  await store.close();
  return { root, ports, count, ehrDeliveries, ehrFailures, received, rejected, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export function controlIdOf(n: number, count: number): string {
  // The first in line for the ward, and two behind it: the ward says AE to them, again and again.
  if ([2 * waiting, waiting, waiting / 2].includes(count - n)) return `STUCK${n}`;
  return `MSG${String(n).padStart(8, "0")}`;
}

function waits(n: number, count: number): boolean {
  return n % 2 === 0 && n >= count - 2 * waiting;
}

const adt = (controlId: string) =>
  `MSH|^~\\&|ADT|NORTH|EHR|SOUTH|20260301120000||ADT^A01|${controlId}|P|2.5.1\rEVN|A01|20260301120000\rPID|1||900123^^^NORTH^MR||EXEMPLAR^ADA^Q||19700102|F\rPV1|1|I|W^101^1\r`;

const bundle = (id: string) => JSON.stringify({ resourceType: "Bundle", type: "transaction", id, entry: [{ resource: { resourceType: "Patient", name: [{ family: "EXEMPLAR" }] } }] });

/** A ward that takes everything but what is named STUCK. */
export function pickyWard(): { readonly server: Server; readonly taken: string[]; close(): Promise<void> } {
  const sockets = new Set<Socket>();
  const taken: string[] = [];
  const server = createServer((socket) => {
    let text = "";
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\x1c\r"); end >= 0; end = text.indexOf("\x1c\r")) {
        const fields = text.slice(text.indexOf("\x0b") + 1, end).split("\r")[0]?.split("|") ?? [];
        text = text.slice(end + 2);
        const id = fields[9] ?? "";
        if (!id.startsWith("STUCK")) taken.push(id);
        socket.write(`\x0bMSH|^~\\&|EHR|SOUTH|LIS|NORTH|20260301||ACK|W${id}|P|2.5.1\rMSA|${id.startsWith("STUCK") ? "AE" : "AA"}|${id}\r\x1c\r`);
      }
    });
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { server, taken, close };
}

function filesOf(ports: BigPorts): Readonly<Record<string, string>> {
  const agreement = (id: string, expires: string) => `
      - { id: ${id}, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, expires: ${expires}, timezone: America/New_York, document: { ref: contracts/${id}.pdf, sha256: "${"0".repeat(64)}" } }`;
  const link = (direction: string) => `
      ${direction}: { auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: allowed }`;
  const retry = "retry: { attempts: 0, initial: 40s, max: 60s }";
  return {
    "sluice.yaml": sluiceYaml,
    "partners.yaml": `partners:
  lab:
    kind: lab
    agreements:${agreement("LAB-1", "2099-12-31")}
    links:${link("inbound")}
  desk:
    kind: provider
    agreements:${agreement("DESK-1", "2099-12-31")}
    links:${link("inbound")}
  ehr:
    kind: provider
    endpoints:
      - { id: api, url: "http://127.0.0.1:${ports.ehr}/in" }
    agreements:${agreement("EHR-1", "2099-12-31")}
    links:${link("outbound")}
  ward:
    kind: provider
    endpoints:
      - { id: feed, url: "mllp://127.0.0.1:${ports.ward}" }
    agreements:${agreement("WARD-1", "2099-12-31")}
    links:${link("outbound")}
  registry:
    kind: provider
    endpoints:
      - { id: feed, url: "mllp://127.0.0.1:${ports.registry}" }
    agreements:${agreement("REGISTRY-1", "2099-12-31")}
    links:${link("outbound")}
`,
    "results.yaml": `channel: results
classification: phi
source:
  partner: lab
  mllp: { port: ${ports.lab} }
  format: hl7v2
  types: ["ORU^R01"]
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
    ${retry}
  ward:
    partner: ward
    purpose: TREAT
    transform: |
      msg.set("MSH-3", "SLUICE");
    mllp: { timeout: 20s }
    ${retry}
`,
    "admissions.yaml": `channel: admissions
classification: phi
source:
  partner: desk
  mllp: { port: ${ports.adt} }
  format: hl7v2
  types: ["ADT^A01"]
  ack: stored
destinations:
  ehr:
    partner: ehr
    purpose: TREAT
    format: fhir
    transform: |
      return { resourceType: "Bundle", type: "transaction", id: msg.get("MSH-10"), entry: [{ resource: { resourceType: "Patient", name: [{ family: msg.get("PID-5.1") }] } }] };
    http: { method: POST }
    ${retry}
  registry:
    partner: registry
    purpose: TREAT
    mllp: { timeout: 20s }
    ${retry}
`,
  };
}
