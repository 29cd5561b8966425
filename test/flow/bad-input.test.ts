import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startSimulators, type Simulators } from "../simulators/simulators.ts";
import { engineOnDisk, eventually, freePort, type OnDisk, sendMllp } from "./engine-on-disk.ts";
import { channelYaml, oru, partnersYaml, type SmallPorts, sluiceYaml } from "./small-project.ts";

let open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

interface Small {
  readonly ports: SmallPorts;
  readonly peers: Simulators;
  readonly files: Record<string, string>;
}

async function project(transform?: string, settings = sluiceYaml): Promise<Small> {
  const peers = await startSimulators(() => 0);
  open.push(peers);
  const ports = { source: await freePort(), ehr: peers.ports.ehr, ward: peers.ports.ward };
  const files = { "sluice.yaml": settings, "partners.yaml": partnersYaml(ports), "results.yaml": channelYaml(ports, transform) };
  return { ports, peers, files };
}

async function running(transform?: string, settings?: string): Promise<Small & { disk: OnDisk }> {
  const small = await project(transform, settings);
  const disk = await engineOnDisk(small.files);
  open.push(disk);
  return { ...small, disk };
}

/** A good message still goes all the way: whatever came before lost nothing. */
async function stillWorks({ ports, peers }: Small, id = "GOOD1", ms = 10_000): Promise<void> {
  expect(await sendMllp(ports.source, oru(id))).toContain(`MSA|AA|${id}`);
  await eventually(() => peers.received("ward").some((arrival) => arrival.body.includes(id)), ms);
}

function wire(port: number, bytes: Uint8Array | string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
}

describe("at the listener", () => {
  test("garbage without a start byte is counted and closed with MLP-102; no content is logged", async () => {
    const small = await running();
    await wire(small.ports.source, "JANE EXEMPLAR ".repeat(20_000));
    await eventually(() => small.disk.log.some((line) => line.includes("MLP-102")));
    expect(small.disk.log.join("\n")).not.toContain("EXEMPLAR");
    await stillWorks(small);
  });

  test("a good frame behind garbage is not lost", async () => {
    const small = await running();
    const socket = connect(small.ports.source, "127.0.0.1");
    socket.write(`noise\x0b${oru("AFTER")}\x1c\r`);
    await eventually(() => small.peers.received("ward").some((arrival) => arrival.body.includes("AFTER")));
    socket.destroy();
  });

  test("a message without MSH is answered AR with a code, and nothing is stored", async () => {
    const small = await running();
    const ack = await sendMllp(small.ports.source, "PID|1||900123||EXEMPLAR^ADA\r");
    expect(ack).toMatch(/MSA\|A[ER]\|/);
    expect(ack).toMatch(/HL7-\d+/);
    expect(ack).not.toContain("EXEMPLAR");
    expect(small.disk.engine.operations.status().lanes[0]?.received).toBe(0);
    await stillWorks(small);
  });

  test("a byte that the declared charset does not have is answered with BYT-002, and nothing is stored", async () => {
    const small = await running();
    const ack = await sendMllp(small.ports.source, Buffer.from(oru("C1", "M\u00dcLLER"), "latin1"));
    expect(ack).toMatch(/MSA\|A[ER]\|/);
    expect(ack).toContain("BYT-002");
    await stillWorks(small);
  });
});

describe("before the start", () => {
  const fails = async (files: Record<string, string>) => {
    const error: unknown = await engineOnDisk(files).then(
      (disk) => void open.push(disk),
      (thrown: unknown) => thrown,
    );
    return error as { code: string; diagnostics?: { code: string; at: { line: number } }[] };
  };

  test("a YAML bomb is one diagnostic with a place", async () => {
    const { files } = await project();
    const bomb = `a: &a [x, x]\n${"bcdefgh".split("").map((k, i) => `${k}: &${k} [${`*${"abcdefg"[i]}, `.repeat(9)}x]`).join("\n")}\n`;
    const error = await fails({ ...files, "results.yaml": `channel: results\n${bomb}` });
    expect(error.code).toBe("RUN-101");
    expect(error.diagnostics?.map((d) => d.code)).toContain("CFG-104");
    expect(error.diagnostics?.find((d) => d.code === "CFG-104")?.at.line).toBe(3);
  });

  test("a missing secret is CFG-142", async () => {
    const { files } = await project();
    const yaml = (files["results.yaml"] ?? "").replace("http: { method: POST }", 'http: { method: POST, auth: { bearer: "${file:absent}" } }');
    const error = await fails({ ...files, "results.yaml": yaml });
    expect(error.diagnostics?.map((d) => d.code)).toContain("CFG-142");
  });

  test("a port in use is NET-101 and leaves nothing open", async () => {
    const { files, ports } = await project();
    const taken: Server = await new Promise((resolve) => {
      const server = createServer().listen(ports.source, "127.0.0.1", () => resolve(server));
    });
    open.push(taken);
    expect((await fails(files)).code).toBe("NET-101");
    await new Promise((resolve) => taken.close(resolve));
    const disk = await engineOnDisk(files);
    open.push(disk);
  });

  test("an unreadable store is refused with a code and not overwritten", async () => {
    const { files } = await project();
    const data = mkdtempSync(join(tmpdir(), "sluice-store-"));
    open.push({ close: () => rmSync(data, { recursive: true, force: true }) });
    const disk = await engineOnDisk(files, { data });
    await disk.close();
    const key = join(data, "master.key");
    chmodSync(key, 0o644);
    await expect(engineOnDisk(files, { data })).rejects.toHaveProperty("code", "STO-108");
    chmodSync(key, 0o600);
    const other = mkdtempSync(join(tmpdir(), "sluice-store-"));
    open.push({ close: () => rmSync(other, { recursive: true, force: true }) });
    await (await engineOnDisk(files, { data: other })).close();
    copyFileSync(join(other, "master.key"), key);
    await expect(engineOnDisk(files, { data })).rejects.toHaveProperty("code", "STO-107");
  });
});

describe("in a transform", () => {
  test.each([
    ["loops", "SBX-202", "for (;;) {}"],
    ["allocates without end", "SBX-203", "const a = []; for (;;) a.push(new Array(1000).fill(1));"],
    ["never settles", "SBX-204", "return new Promise(() => {});"],
    ["returns a cycle", "SBX-205", "const a = {}; a.a = a; return a;"],
  ])("code that %s ends as dead with %s; the other messages go on", async (_, expected, code) => {
    const small = await running(`if (msg.get("MSH-10") === "BAD") { ${code} }`, sluiceYaml.replace("10s", expected === "SBX-202" ? "1s" : "40s"));
    expect(await sendMllp(small.ports.source, oru("BAD"))).toContain("MSA|AA|BAD");
    await stillWorks(small, "GOOD1", 150_000); // three strikes of a worker each, on a machine that may be busy
    const lane = small.disk.engine.operations.status().lanes[1];
    expect(lane?.ends.dead).toBe(1);
    const [bad] = small.disk.engine.operations.dead({ limit: 5 });
    expect(bad?.code).toBe(expected);
  }, 240_000);
});
