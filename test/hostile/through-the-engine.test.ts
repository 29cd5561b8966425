import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCsv, parseHl7, parseXml } from "../../engine/codec/index.ts";
import { engineOnDisk, eventually, freePort, type OnDisk } from "../flow/engine-on-disk.ts";
import { sluiceYaml } from "../flow/small-project.ts";
import { corpus } from "./corpus.ts";

const { absent, files, read } = corpus("naughty-strings");
const strings: readonly string[] = files.includes("blns.json") ? (JSON.parse(read("blns.json").toString("utf8")) as string[]).filter((value) => value !== "") : [];
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these
const writable = strings.filter((value) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(value));

const formats = ["hl7v2", "json", "csv", "xml", "text"] as const;

const partners = (port: number) => `partners:
  sender:
    kind: provider
    links:
      inbound: { auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: allowed }
  taker:
    kind: provider
    endpoints: [{ id: api, url: "http://127.0.0.1:${port}" }]
    agreements:
      - { id: T-1, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }
    links:
      outbound: { auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: allowed }
`;

/** `mark` changes one place of the message, so that all of it goes through the sandbox and is written anew. */
const channel = (format: string, port: number, mark: string) => `channel: ${format}-through
summary: naughty strings as ${format}
classification: phi
source:
  partner: sender
  http: { method: POST, port: ${port}, path: /${format} }
  format: ${format}
destinations:
  taker:
    partner: taker
    purpose: TREAT
    transform: |
      ${mark}
    http: { method: POST, path: /${format} }
`;

const marks: Readonly<Record<(typeof formats)[number], string>> = {
  hl7v2: 'msg.set("MSH-3", "MARK");',
  json: 'msg.mark = "MARK";',
  csv: 'for (const row of msg.all()) row.set("mark", "MARK");',
  xml: 'msg.set("/all/@mark", "MARK");',
  text: "return msg.text + 'MARK';",
};

describe.skipIf(absent)("naughty strings through a running engine", () => {
  const arrived = new Map<string, Buffer>();
  let taker: Server;
  let disk: OnDisk;
  let port = 0;
  beforeAll(async () => {
    taker = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        arrived.set((request.url ?? "").slice(1), Buffer.concat(chunks));
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => taker.listen(0, "127.0.0.1", resolve));
    port = await freePort();
    const out = (taker.address() as { port: number }).port;
    disk = await engineOnDisk({
      "sluice.yaml": sluiceYaml,
      "partners.yaml": partners(out),
      ...Object.fromEntries(formats.map((format) => [`${format}.yaml`, channel(format, port, marks[format])])),
    });
  });
  afterAll(async () => {
    await disk?.close();
    taker?.close();
  });

  async function through(format: (typeof formats)[number], text: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${port}/${format}`, { method: "POST", body: Buffer.from(text, "utf8") });
    expect(response.status).toBeLessThan(300);
    await eventually(() => arrived.has(format));
    return (arrived.get(format) as Buffer).toString("utf8");
  }

  test("hl7v2", async () => {
    const message = parseHl7(`MSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.5\r${strings.map((_, i) => `NTE|${i}|L|x\r`).join("")}`);
    for (const [i, note] of message.all("NTE").entries()) note.set("3", strings[i] ?? "");
    const got = parseHl7(await through("hl7v2", message.toString()));
    expect(got.get("MSH-3")).toBe("MARK");
    expect(got.all("NTE").map((note) => note.get("3"))).toEqual(strings);
  });
  test("json", async () => {
    expect(JSON.parse(await through("json", JSON.stringify({ strings, keys: strings.map((value) => [value]) })))).toEqual({ strings, keys: strings.map((value) => [value]), mark: "MARK" });
  });
  test("csv", async () => {
    const cells = strings.map((value) => `"${value.replaceAll('"', '""')}",x\r\n`);
    const got = parseCsv(await through("csv", `value,mark\r\n${cells.join("")}`));
    expect(got.all().map((row) => row.values)).toEqual(strings.map((value) => [value, "MARK"]));
  });
  test("xml", async () => {
    const quote = (value: string) => value.replace(/[&<>"'\r\n\t]/g, (sign) => `&#${sign.charCodeAt(0)};`);
    const got = parseXml(await through("xml", `<all mark="">${writable.map((value) => `<s a="${quote(value)}">${quote(value)}</s>`).join("")}</all>`));
    expect(got.get("/all/@mark")).toBe("MARK");
    expect(got.all("/all/s").map((each) => [each.get("@a"), each.get()])).toEqual(writable.map((value) => [value, value]));
  });
  test("text", async () => {
    const text = `${strings.join("\n")}\n`;
    expect(await through("text", text)).toBe(`${text}MARK`);
  });
  test("and none of it in the engine's log", () => {
    const log = disk.log.join("\n");
    expect(strings.filter((value) => value.length > 12 && log.includes(value))).toEqual([]);
  });
});
