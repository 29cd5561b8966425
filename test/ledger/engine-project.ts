import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** One channel of a generated project: a port to send to, and for each lane the port it delivers to. */
export interface ChannelPlan {
  readonly name: string;
  readonly port: number;
  readonly lanes: ReadonlyMap<string, number>;
}

/**
 * Writes a project that a test or a benchmark runs: MLLP in, a transform with three edits, MLLP out to partners under an agreement.
 * Everything is as in production: encrypted durable store, guard on, all walls the machine allows.
 */
export function writeProject(folder: string, types: readonly string[], channels: readonly ChannelPlan[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "sluice.yaml"), "name: ledger\nsandbox: { walls: reduced, timeout: 10s }\n");
  writeFileSync(join(folder, "partners.yaml"), partners(types, channels));
  for (const channel of channels) writeFileSync(join(folder, `${channel.name}.yaml`), channelFile(types, channel));
}

function partners(types: readonly string[], channels: readonly ChannelPlan[]): string {
  const link = `{ auth: none, allow: [${types.join(", ")}], limit: 1000000/s, audit: full, phi: allowed }`;
  const endpoints = channels.flatMap((c) => [...c.lanes].map(([lane, port]) => `      - { id: ${c.name}-${lane}, url: "mllp://127.0.0.1:${port}" }`));
  return [
    "partners:",
    "  sender:",
    "    kind: provider",
    "    links:",
    `      inbound: ${link}`,
    "  receiver:",
    "    kind: provider",
    "    endpoints:",
    ...endpoints,
    "    agreements:",
    "      - { id: TREAT-LEDGER, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: America/New_York }",
    "    links:",
    `      outbound: ${link}`,
    "",
  ].join("\n");
}

function channelFile(types: readonly string[], channel: ChannelPlan): string {
  const destinations = [...channel.lanes.keys()].flatMap((lane) => [
    `  ${lane}:`,
    "    partner: receiver",
    "    purpose: TREAT",
    "    transform: |",
    '      msg.set("MSH-3", "SLUICE");',
    '      msg.set("PID-5.1", msg.get("PID-5.1").toUpperCase());',
    '      msg.addSegment("ZID").set("1", msg.get("PID-3"));',
    "      return msg;",
    `    mllp: { endpoint: ${channel.name}-${lane} }`,
    "    retry: { initial: 20ms, max: 200ms, attempts: 0, maxAge: 0s }",
  ]);
  return [
    `channel: ${channel.name}`,
    "classification: phi",
    "source:",
    "  partner: sender",
    `  mllp: { port: ${channel.port} }`,
    `  types: [${types.join(", ")}]`,
    "destinations:",
    ...destinations,
    "",
  ].join("\n");
}

/**
 * Ports to listen on that are free now, taken below the range from which the kernel gives ports to outgoing connections: an engine
 * that is killed and started again must find its port free.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let port = 12_000 + Math.floor(Math.random() * 15_000); ports.length < count; port++) {
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
