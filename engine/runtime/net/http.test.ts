import { createServer, request as httpRequest, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type InboundReply, type InboundRequest, type RouteOptions, SecretRef } from "../../sdk/index.ts";
import { Certificates } from "./certificates.fixture.ts";
import { codeOfFailure, loopback, released, until } from "./loopback.fixture.ts";

const never = new AbortController().signal;
const token = new SecretRef("env", "TOKEN");
const options: RouteOptions = { port: 0, method: "POST", path: "/a", maxBody: 1000 };
const echo = async ({ body }: InboundRequest): Promise<InboundReply> => ({ status: 202, body });

let net: ReturnType<typeof loopback>;
let partner: Server | undefined;
afterEach(async () => {
  await net.close();
  partner?.closeAllConnections();
  partner?.close();
});

const portOf = (server: Server | undefined) => (server?.address() as AddressInfo | undefined)?.port;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage["headers"];
}

function post(port: number, path: string, body = "x", headers: Record<string, string> = {}, method = "POST"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: "127.0.0.1", path, method, headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

describe("routes", () => {
  test("an owner's route is replaced while the port stays, and stands again when the newer one goes; nobody else's", async () => {
    net = loopback();
    const said = (text: string) => async () => ({ status: 200, body: new TextEncoder().encode(text) });
    const { port } = await net.inbound.serve(options, said("one"), { owner: "a" });
    const newer = await net.inbound.serve({ ...options, port }, said("two"), { owner: "a" });
    expect((await post(port, "/a")).text).toBe("two");
    await expect(net.inbound.serve({ ...options, port }, echo, { owner: "b" })).rejects.toMatchObject({ code: "NET-104" });
    await newer.close();
    expect((await post(port, "/a")).text).toBe("one");
  });

  test("a route with a rest takes what is below it: the longest one, checked, with the query", async () => {
    net = loopback();
    const said = (name: string) => async ({ path, rest, query, method }: InboundRequest) => ({ status: 200, body: Buffer.from(JSON.stringify([name, method, path, rest, query])) });
    const { port } = await net.inbound.serve({ ...options, method: "GET", path: "/fhir/*" }, said("all"));
    await net.inbound.serve({ ...options, port, method: "GET", path: "/fhir/Patient/*" }, said("patients"));
    await net.inbound.serve({ ...options, port, method: "GET", path: "/fhir/metadata" }, said("metadata"));
    await net.inbound.serve({ ...options, port, method: "DELETE", path: "/fhir/*" }, said("delete"));
    const get = async (path: string, method = "GET") => {
      const { status, text } = await post(port, path, "", {}, method);
      return status === 200 ? JSON.parse(text) : status;
    };
    expect(await get("/fhir/Slot/7?a=1&b=x%20y&c=1&c=2")).toEqual(["all", "GET", "/fhir/*", "Slot/7", { a: "1", b: "x y" }]);
    expect(await get("/fhir/Patient/a%2Db/")).toEqual(["patients", "GET", "/fhir/Patient/*", "a-b", {}]);
    expect(await get("/fhir/metadata")).toEqual(["metadata", "GET", "/fhir/metadata", null, {}]);
    expect(await get("/fhir/Slot/7", "DELETE")).toEqual(["delete", "DELETE", "/fhir/*", "Slot/7", {}]);
    for (const path of ["/fhir/a%2Fb", "/fhir/%2e%2e/x", "/fhir//x", "/fhir/%zz", "/fhir/", "/fhir"]) expect(await get(path)).toBe(404);
    expect(await get("/fhir/Slot/7", "PUT")).toBe(405);
  });

  test("many share a port; an unknown path, another method, the same route twice", async () => {
    net = loopback();
    const { port } = await net.inbound.serve(options, echo);
    const second = await net.inbound.serve({ ...options, port, path: "/b" }, async () => ({ status: 200 }));
    expect(second.port).toBe(port);
    expect((await post(port, "/a?who=nobody", "hello")).text).toBe("hello");
    expect((await post(port, "/b")).status).toBe(200);
    expect((await post(port, "/c")).status).toBe(404);
    expect((await post(port, "/a", "x", {}, "PUT")).status).toBe(405);
    await expect(net.inbound.serve({ ...options, port }, echo)).rejects.toMatchObject({ code: "NET-104" });
    const tls = { cert: "c", key: "k" };
    await expect(net.inbound.serve({ ...options, port, path: "/d", tls }, echo)).rejects.toMatchObject({ code: "NET-105" });
    await second.close();
    expect((await post(port, "/b")).status).toBe(404);
  });

  test("a port in use is named, and can be had once it is free", async () => {
    net = loopback();
    const taken = await net.inbound.listen({ port: 0 }, () => {});
    const { port } = taken;
    await expect(net.inbound.serve({ ...options, port }, echo)).rejects.toMatchObject({ code: "NET-101", safe: { port } });
    await taken.close();
    const { port: again } = await net.inbound.serve({ ...options, port }, echo);
    expect(again).toBe(port);
  });

  test("the credential is checked before the body is sent for; it never reaches the connector", async () => {
    net = loopback();
    let seen: InboundRequest | undefined;
    const { port } = await net.inbound.serve({ ...options, auth: { bearer: token } }, async (request) => {
      seen = request;
      return { status: 202 };
    });
    for (const authorization of ["Bearer wrong", "Bearer s3cretX", "Basic s3cret", "Bearer"]) {
      expect((await post(port, "/a", "x", { authorization })).status).toBe(401);
    }
    const raw = await exchange(port, "POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\nexpect: 100-continue\r\n\r\n");
    expect(raw).toMatch(/^HTTP\/1\.1 401 /);
    expect(seen).toBeUndefined();
    expect((await post(port, "/a", "x", { authorization: "Bearer s3cret" })).status).toBe(202);
    expect(seen?.headers).not.toHaveProperty("authorization");
    await expect(net.inbound.serve({ ...options, auth: { bearer: new SecretRef("env", "NONE") } }, echo)).rejects.toMatchObject({ code: "SEC-101" });
  });

  test("a body beyond the limit, announced or not", async () => {
    net = loopback();
    const { port } = await net.inbound.serve(options, echo);
    expect((await post(port, "/a", "x".repeat(1000))).status).toBe(202);
    expect((await post(port, "/a", "x".repeat(1001))).status).toBe(413);
    const chunked = await post(port, "/a", "x".repeat(1001), { "transfer-encoding": "chunked" });
    expect(chunked.status).toBe(413);
    expect(net.budget.held).toBe(0);
  });

  test("over the rate: 429 with the time to wait", async () => {
    net = loopback();
    const { port } = await net.inbound.serve({ ...options, rate: { perSecond: 0.01, burst: 2 } }, echo);
    const answers = [await post(port, "/a"), await post(port, "/a"), await post(port, "/a")];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
    const wait = Number(answers[2]?.headers["retry-after"]);
    expect(wait).toBeGreaterThan(50);
    expect(wait).toBeLessThanOrEqual(100);
  });

  test("an exhausted budget turns requests away with 503", async () => {
    net = loopback(undefined, 100);
    const { port } = await net.inbound.serve(options, echo);
    net.budget.take(100);
    expect(await post(port, "/a")).toMatchObject({ status: 503, text: '{"code":"NET-112"}' });
    net.budget.give(100);
    expect((await post(port, "/a")).status).toBe(202);
    expect(net.budget.held).toBe(0);
  });

  test("half-sent bodies that use up the budget are finished, one after another", async () => {
    net = loopback(undefined, 200_000);
    const { port } = await net.inbound.serve({ ...options, maxBody: 100_000 }, async () => ({ status: 202 }));
    const half = "x".repeat(50_000);
    const head = "POST /a HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 100000\r\n\r\n";
    const sockets = Array.from({ length: 5 }, () => connect(port, "127.0.0.1"));
    let answered = 0;
    for (const socket of sockets) {
      socket.once("data", (answer) => (answered += String(answer).startsWith("HTTP/1.1 202") ? 1 : 0));
      socket.write(`${head}x`);
    }
    await until(() => net.inbound.unfinishedBytes === sockets.length);
    for (const socket of sockets) socket.write(half.slice(1));
    await until(() => net.inbound.unfinishedBytes >= 100_000);
    for (const socket of sockets) socket.write(half);
    await until(() => answered === sockets.length);
    expect([net.inbound.unfinishedBytes, net.budget.held]).toEqual([0, 0]);
  });

  test.each([
    ["two lengths", "POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx"],
    ["length and chunks", "POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a head that is too large", `POST /a HTTP/1.1\r\nhost: x\r\nx-much: ${"x".repeat(20_000)}\r\n\r\n`],
    ["HL7 instead of HTTP", "\x0bMSH|^~\\&|JANE\r\x1c\r"],
  ])("%s: 400, and nothing of it in the answer", async (_, head) => {
    net = loopback();
    let called = false;
    const { port } = await net.inbound.serve(options, async () => {
      called = true;
      return { status: 202 };
    });
    const raw = await exchange(port, head);
    expect(raw).toMatch(/^HTTP\/1\.1 400 /);
    expect(raw).not.toContain("JANE");
    expect([called, net.problems]).toEqual([false, ["NET-108"]]);
  });

  test("a handler that throws answers 500 with a code", async () => {
    net = loopback();
    const { port } = await net.inbound.serve(options, async () => {
      throw new Error("Jane Rivera");
    });
    expect(await post(port, "/a")).toMatchObject({ status: 500, text: '{"code":"NET-108"}' });
    expect(net.budget.held).toBe(0);
  });
});

describe("requests", () => {
  async function partnerWith(listener: RequestListener): Promise<{ id: string; way: ReturnType<typeof net.outbound.forDestination> }> {
    net = loopback();
    partner = createServer(listener);
    await new Promise<void>((resolve) => partner?.listen(0, "127.0.0.1", resolve));
    const id = net.pin(`http://127.0.0.1:${(partner.address() as AddressInfo).port}/base/`);
    return { id, way: net.outbound.forDestination() };
  }

  test("carry the released parts below the pinned path, and the credential that the envelope names", async () => {
    let seen: unknown;
    const { id, way } = await partnerWith((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        const { authorization, "content-type": type, "content-length": length } = request.headers;
        seen = { method: request.method, url: request.url, authorization, type, length, body };
        response.writeHead(201, { "x-a": "b" }).end("made");
      });
    });
    const more = {
      method: "PUT",
      path: "/Bundle",
      query: { a: "b c" },
      headers: { "content-type": "application/json" },
      credential: { kind: "bearer", secret: token },
    } as const;
    const answer = await way.request(released(id, "hello", more), never);
    expect([answer.status, new TextDecoder().decode(answer.body), answer.headers["x-a"]]).toEqual([201, "made", "b"]);
    expect(seen).toEqual({
      method: "PUT",
      url: "/base/Bundle?a=b+c",
      authorization: "Bearer s3cret",
      type: "application/json",
      length: "5",
      body: "hello",
    });
  });

  test("a link that the partner gave stands as it came, and leads nowhere else", async () => {
    const urls: unknown[] = [];
    const { id, way } = await partnerWith(({ url, headers }, response) => {
      urls.push([url, headers["content-length"]]);
      response.end();
    });
    const origin = `http://127.0.0.1:${portOf(partner)}`;
    await way.request(released(id, "", { method: "GET", link: `${origin}/other?_getpages=a%2Fb&n=1` }), never);
    expect(urls).toEqual([["/other?_getpages=a%2Fb&n=1", undefined]]);
    expect(await codeOfFailure(way.request(released(id, "", { method: "GET", link: "http://127.0.0.2/other" }), never))).toEqual({ code: "NET-213", sent: false });
  });

  test("a body of any length is given piece by piece, at the pace of who takes it; a refusal is kept whole", async () => {
    const { id, way } = await partnerWith((request, response) => {
      response.writeHead(request.url === "/base/no" ? 404 : 200, { "x-a": "b" });
      for (let i = 0; i < 12; i++) response.write(Buffer.alloc(1_000_000, "x"));
      response.end();
    });
    let taken = 0;
    let busy = 0;
    const onBody = async (piece: Uint8Array) => {
      expect(++busy).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      taken += piece.length;
      busy--;
    };
    expect(await way.request(released(id, "", { method: "GET" }), never, { onBody, timeoutMs: 30_000 })).toMatchObject({ status: 200, headers: { "x-a": "b" }, body: new Uint8Array() });
    expect(taken).toBe(12_000_000);
    expect(await codeOfFailure(way.request(released(id, "", { method: "GET" }), never, { onBody: async () => Promise.reject(new Error("no")) }))).toEqual({ code: "NET-216", sent: true });
    expect(await way.request(released(id, "", { method: "GET", path: "/no" }), never, { onBody })).toMatchObject({ status: 404, truncated: true });
  });

  test("one release is one exchange", async () => {
    let calls = 0;
    const { id, way } = await partnerWith((_, response) => {
      calls++;
      response.end();
    });
    const one = released(id, "once");
    await way.request(one, never);
    expect(await codeOfFailure(way.request(one, never))).toEqual({ code: "NET-214", sent: false });
    expect(calls).toBe(1);
  });

  test("redirects are answers, not followed", async () => {
    let calls = 0;
    const { id, way } = await partnerWith((_, response) => {
      calls++;
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect((await way.request(released(id), never)).status).toBe(302);
    expect(calls).toBe(1);
  });

  test.each(["//elsewhere", "/../up", "/a/%2e%2e/b", "/a?x=1", "/a#b", "/a\\b", "a", "/a b", "/a\r\nx: y"])("path %j stays home", async (path) => {
    const { id, way } = await partnerWith((_, response) => response.end());
    expect(await codeOfFailure(way.request(released(id, "", { path }), never))).toEqual({ code: "NET-213", sent: false });
  });

  test.each(["Host", "authorization", "Content-Length", "transfer-encoding", "proxy-x", "bad name"])("header %j is not a connector's", async (name) => {
    const { id, way } = await partnerWith((_, response) => response.end());
    expect(await codeOfFailure(way.request(released(id, "", { headers: { [name]: "x" } }), never))).toEqual({ code: "NET-212", sent: false });
  });

  test("says whether bytes may have left", async () => {
    const { id, way } = await partnerWith((request) => request.socket.destroy());
    expect(await codeOfFailure(way.request(released(id), never))).toEqual({ code: "NET-208", sent: true });
    const nobody = net.pin("http://127.0.0.1:1");
    expect(await codeOfFailure(way.request(released(nobody), never))).toEqual({ code: "NET-205", sent: false });
    expect(await codeOfFailure(way.request(released(id), AbortSignal.abort()))).toEqual({ code: "NET-210", sent: false });
  });

  test("silence ends at the time limit or with the signal", async () => {
    const { id, way } = await partnerWith(() => {});
    expect(await codeOfFailure(way.request(released(id), never, { timeoutMs: 500 }))).toEqual({ code: "NET-209", sent: true });
    expect(await codeOfFailure(way.request(released(id), AbortSignal.timeout(500)))).toEqual({ code: "NET-210", sent: true });
  });

  test("an answer that breaks off is no answer; one without end keeps its status alone", async () => {
    const { id, way } = await partnerWith((request, response) => {
      response.writeHead(200, { "content-length": request.url === "/base/long" ? 20_000_000 : 100 });
      if (request.url === "/base/long") response.end(Buffer.alloc(20_000_000));
      else response.write("part", () => response.destroy());
    });
    expect((await codeOfFailure(way.request(released(id), never))).sent).toBe(true);
    expect(await way.request(released(id, "", { path: "/long" }), never)).toMatchObject({ status: 200, truncated: true, body: new Uint8Array() });
  });
});

describe("HTTPS", () => {
  const made = new Certificates();
  let ca = "";
  let server: { cert: string; key: string };
  let client: { cert: string; key: string };
  beforeAll(() => {
    ca = made.authority("ours");
    server = made.issue("server", ca, "IP:127.0.0.1");
    client = made.issue("client", ca, "DNS:client.example");
  });
  afterAll(() => made.remove());

  test("mTLS both ways through the engine's own sockets; without our authority or a certificate nothing crosses", async () => {
    net = loopback(made.resolvePath);
    let calls = 0;
    const { port } = await net.inbound.serve({ ...options, tls: { ...server, ca } }, async (request) => {
      calls++;
      return echo(request);
    });
    const way = net.outbound.forDestination();
    const id = net.pin(`https://127.0.0.1:${port}`, { ca, ...client });
    const answer = await way.request(released(id, "hello", { path: "/a" }), never);
    expect([answer.status, new TextDecoder().decode(answer.body)]).toEqual([202, "hello"]);
    const untrusting = net.pin(`https://127.0.0.1:${port}`);
    expect(await codeOfFailure(way.request(released(untrusting, "x", { path: "/a" }), never))).toEqual({ code: "NET-207", sent: false });
    const nameless = net.pin(`https://127.0.0.1:${port}`, { ca });
    await codeOfFailure(way.request(released(nameless, "x", { path: "/a" }), never));
    expect(calls).toBe(1);
  });
});

/** Bytes as they are, and what comes back until the other side ends. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let back = "";
  let closed = false;
  socket.on("data", (chunk: Buffer) => (back += chunk.toString("latin1")));
  socket.on("error", () => {});
  socket.on("close", () => (closed = true));
  socket.write(text, "latin1");
  await until(() => closed || back.includes("\r\n\r\n"));
  socket.destroy();
  return back;
}
