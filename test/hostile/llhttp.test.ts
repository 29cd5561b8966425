import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loopback } from "../../engine/runtime/net/loopback.fixture.ts";
import { corpus } from "./corpus.ts";

const { absent, files, read } = corpus("llhttp");

interface Case {
  readonly name: string;
  readonly bytes: Buffer;
  /** Requests that are complete before the first error. */
  readonly complete: number;
  readonly error: boolean;
}

/** The requests of a file that a strict parser reads: other cases loosen it, which the engine never does, or are responses. */
function casesOf(file: string): Case[] {
  const text = read(file).toString("utf8").replace(/\r\n/g, "\n");
  const found: Case[] = [];
  const blocks = /<!--\s*meta=(\{[^}]*\})\s*-->\n```http\n([\s\S]*?)```\n+```log\n([\s\S]*?)```/g;
  for (const { 1: meta = "{}", 2: input = "", 3: log = "", index } of text.matchAll(blocks)) {
    const { type, pause } = JSON.parse(meta) as { readonly type: string; readonly pause?: string };
    // A pause, as at an upgrade, is asked for by the program around the parser; it is no fault of what arrives.
    if (type !== "request" || pause !== undefined || /error code=2[12]\b/.test(log)) continue;
    const title = text.slice(0, index).match(/^#+ .*$/gm)?.at(-1) ?? "";
    const before = log.split(/^.*error code=.*$/m)[0] ?? "";
    found.push({ name: `${file} ${title}`, bytes: unescaped(input), complete: before.match(/message complete/g)?.length ?? 0, error: /error code=/.test(log) });
  }
  return found;
}

/** How the corpus writes bytes. Node's server wants a Host in HTTP/1.1, which most cases leave out and none is about. */
function unescaped(input: string): Buffer {
  const text = input
    .replace(/\n$/, "")
    .replace(/\\\n/g, "")
    .replace(/\n/g, "\r\n")
    .replace(/\\([rntf])/g, (_, letter: string) => ({ r: "\r", n: "\n", t: "\t", f: "\f" })[letter] ?? "")
    .replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const hosted = /^host\s*:/im.test(text) ? text : text.replace(/^([A-Z-]+ \S+ HTTP\/1\.1)\r\n/gm, "$1\r\nHost: a\r\n");
  return Buffer.from(hosted, "latin1");
}

describe.skipIf(absent)("HTTP as llhttp's own log expects it, strictly", () => {
  let net: ReturnType<typeof loopback>;
  let port = 0;
  let taken = 0;
  beforeAll(async () => {
    net = loopback();
    const handler = async () => {
      taken++;
      return { status: 202 };
    };
    ({ port } = await net.inbound.serve({ port: 0, method: "PUT", path: "/url", maxBody: 1000 }, handler));
    await net.inbound.serve({ port, method: "POST", path: "/url", maxBody: 1000 }, handler);
  });
  afterAll(() => net.close());

  /** What comes back until the engine closes, or says nothing more for a while. */
  function answerTo(bytes: Buffer, quietMs: number): Promise<{ statuses: number[]; closed: boolean }> {
    return new Promise((resolve) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
      const done = (closed: boolean) => {
        clearTimeout(timer);
        socket.destroy();
        resolve({ statuses: Array.from(text.matchAll(/HTTP\/1\.1 ([2-5]\d\d) /g), ([, status]) => Number(status)), closed });
      };
      let timer = setTimeout(() => done(false), quietMs);
      socket.setEncoding("latin1");
      socket.on("data", (chunk) => {
        text += String(chunk);
        clearTimeout(timer);
        timer = setTimeout(() => done(false), quietMs);
      });
      socket.on("error", () => done(true));
      socket.on("close", () => done(true));
    });
  }

  /** What was sent before has been read: one server reads in the order in which things came. */
  async function isRead(): Promise<void> {
    const before = taken;
    while (taken === before) await answerTo(Buffer.from("PUT /url HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"), 5_000);
  }

  const cases = files.filter((file) => file.startsWith("request")).flatMap(casesOf);

  test("what it refuses is refused, and nothing behind it is taken", async () => {
    const wrong: string[] = [];
    const refused = cases.filter(({ error }) => error);
    expect(refused.length).toBeGreaterThan(30);
    for (const { name, bytes, complete } of refused) {
      const before = taken;
      const { statuses, closed } = await answerTo(bytes, 5_000);
      const answered = statuses.filter((status) => status < 300).length;
      if (!closed || answered > complete || taken - before > complete) wrong.push(`${name}: ${statuses.join()} ${closed ? "closed" : "open"}, ${taken - before} taken of ${complete}`);
    }
    expect(wrong).toEqual([]);
  });

  test("what it reads is not called malformed, and taken as often as it is complete", async () => {
    const wrong: string[] = [];
    const fine = cases.filter(({ error }) => !error);
    expect(fine.length).toBeGreaterThan(25);
    for (const { name, bytes, complete } of fine) {
      await isRead();
      const before = taken;
      const { statuses } = await answerTo(bytes, 150);
      if (statuses.includes(400) || taken - before > complete) wrong.push(`${name}: ${statuses.join()}, ${taken - before} taken of ${complete}`);
    }
    expect(wrong).toEqual([]);
  });

  test("and the port is still there", async () => {
    const { statuses } = await answerTo(Buffer.from("PUT /url HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"), 5_000);
    expect(statuses).toEqual([202]);
  });
});
