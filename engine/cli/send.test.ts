import { createServer as createHttp } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../test/flow/engine-on-disk.ts";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";

describe("send", () => {
  let folder = "";
  const servers: Server[] = [];
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "sluice-send-"))));
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
  const listen = async (server: Server) => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  };
  /** Answers each frame by what `answer` gives; keeps the bytes of all frames. */
  const mllp = (answer: (n: number) => string | undefined) => {
    const frames: Buffer[] = [];
    const server = createServer((socket) => {
      let held = Buffer.alloc(0);
      socket.on("error", () => {});
      socket.on("data", (chunk) => {
        held = Buffer.concat([held, chunk as Buffer]);
        for (let end = held.indexOf("\x1c\r"); end >= 0; end = held.indexOf("\x1c\r")) {
          frames.push(held.subarray(1, end));
          held = held.subarray(end + 2);
          const text = answer(frames.length);
          if (text === undefined) socket.destroy();
          else socket.write(`\x0bMSH|^~\\&|||||2026||ACK|1|P|2.5\rMSA|${text}\r\x1c\r`);
        }
      });
    });
    return { frames, server };
  };
  const file = (name: string, bytes: string | Buffer) => {
    writeFileSync(join(folder, name), bytes);
    return name;
  };

  it("sends bytes as they stand, in order, and prints what each was answered", async () => {
    const { frames, server } = mllp((n) => (n === 1 ? "AA|c-1" : "AE|c-2"));
    const port = await listen(server);
    const first = Buffer.from("\ufeffMSH|^~\\&|A|B|||2026||ORU^R01|c-1|P|2.5\nPID|1\n");
    file("a.hl7", first);
    file("b.hl7", Buffer.from([0x4d, 0x53, 0x48, 0x7c, 0xff, 0x00]));
    const terminal = sampleTerminal({ cwd: folder });
    expect(await main(["send", "a.hl7", "b.hl7", "--to", `mllp://127.0.0.1:${port}`, "--json"], terminal)).toBe(1);
    expect(frames).toEqual([first, Buffer.from([0x4d, 0x53, 0x48, 0x7c, 0xff, 0x00])]);
    expect(terminal.outs.map((line) => JSON.parse(line))).toEqual([
      { file: "a.hl7", ok: true, code: "AA", id: "c-1" },
      { file: "b.hl7", ok: false, code: "AE", id: "c-2" },
    ]);
  });

  it("goes on after a connection that broke", async () => {
    const { frames, server } = mllp((n) => (n === 1 ? undefined : "AA|c"));
    const port = await listen(server);
    const terminal = sampleTerminal({ cwd: folder });
    const code = await main(["send", file("a.hl7", "MSH|1"), file("b.hl7", "MSH|2"), "--to", `mllp://127.0.0.1:${port}`, "--json"], terminal);
    expect(code).toBe(1);
    expect(frames).toHaveLength(2);
    expect(terminal.outs.map((line) => JSON.parse(line).code)).toEqual(["CLI-108", "AA"]);
  });

  it("says that nobody listens, that no answer came, and that a file is not there", async () => {
    const free = await freePort();
    const silent = await listen(createServer((socket) => void socket.on("error", () => {}).resume()));
    const said = async (...argv: string[]) => {
      const terminal = sampleTerminal({ cwd: folder });
      expect(await main(["send", ...argv], terminal)).toBe(1);
      return terminal.errs.join();
    };
    file("a.hl7", "MSH|^~\\&|");
    expect(await said("a.hl7", "--to", `mllp://127.0.0.1:${free}`)).toContain("CLI-107");
    expect(await said("a.hl7", "--to", `mllp://127.0.0.1:${silent}`, "--timeout", "100ms")).toContain("CLI-108");
    expect(await said("gone.hl7", "--to", `mllp://127.0.0.1:${free}`)).toContain("CLI-110");
  });

  it("finds the channel of the project by format and type, and presents its token without printing it", async () => {
    const seen: { url: string; authorization: string; body: string }[] = [];
    const http = createHttp((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        seen.push({ url: request.url ?? "", authorization: request.headers.authorization ?? "", body });
        response.writeHead(202).end('{"id":"m5"}');
      });
    });
    const { frames, server } = mllp(() => "AA|c");
    const [httpPort, labPort, otherPort] = [await listen(http), await listen(server), await listen(mllp(() => "AR|wrong").server)];
    const link = "{ auth: bearer, allow: ['*'], limit: 5/s, audit: full, phi: allowed }";
    file("sluice.yaml", "name: t\n");
    file("partners.yaml", `partners:\n  app: { kind: internal, links: { inbound: ${link} } }\n`);
    const channel = (name: string, source: string) => file(`${name}.yaml`, `channel: ${name}\nclassification: phi\nsource: { partner: app, ${source} }\ndestinations: {}\n`);
    channel("a-other", `mllp: { port: ${otherPort} }, types: [ADT^A04]`);
    channel("lab", `mllp: { port: ${labPort} }, types: [ORU^*]`);
    channel("visits", `http: { port: ${httpPort}, path: /appointments, auth: { bearer: "\${env:TOKEN}" } }, format: fhir, types: [Appointment]`);
    file("a.hl7", "MSH|^~\\&|A|B|||2026||ORU^R01^ORU_R01|c-1|P|2.5\r");
    file("a.json", '{"resourceType":"Appointment"}');
    file("b.json", '{"resourceType":"Encounter"}');
    const terminal = sampleTerminal({ cwd: folder, env: { TOKEN: "s3cret-token" } });
    expect(await main(["send", "a.hl7", "a.json", "b.json"], terminal)).toBe(1);
    expect(frames).toHaveLength(1);
    expect(seen).toEqual([{ url: "/appointments", authorization: "Bearer s3cret-token", body: '{"resourceType":"Appointment"}' }]);
    expect(terminal.errs.join()).toMatch(/b\.json: CLI-103/);
    expect([...terminal.outs, ...terminal.errs].join()).not.toContain("s3cret-token");
  });
});
