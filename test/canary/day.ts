import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, cpSync, createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { eventually, freePort, sendMllp } from "../flow/engine-on-disk.ts";
import { Arrivals } from "../simulators/arrivals.ts";
import { httpPeer } from "../simulators/http-peer.ts";
import { mllpPeer } from "../simulators/mllp-peer.ts";
import { brokenMessages, canaries, canaryMessage } from "./canaries.ts";
import { type Ports, projectFiles } from "./project.ts";

const command = join(import.meta.dirname, "../../engine/cli/sluice.mjs");
const preload = (name: string) => new URL(name, import.meta.url).href;

/** What somebody was shown, and where. */
export interface Shown {
  readonly where: string;
  readonly text: string;
}

/** What came of it, beside what lies on the disk. */
export interface Told {
  readonly shown: readonly Shown[];
  readonly delivered: readonly string[];
  readonly unmasked: readonly string[];
  readonly views: number;
  readonly acked: number;
  readonly notTaken: number;
  readonly killed: boolean;
}

/** One engine's day, in processes of its own whose every file and line stays. */
export class Day {
  readonly outbox: string;
  readonly exported: string;
  readonly given: string;
  readonly #root: string;
  readonly #project: string;
  readonly #kept: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #messages: number;
  readonly #sabotage: string | undefined;
  readonly #servers: Server[] = [];
  readonly #arrivals = { ehr: new Arrivals(), ward: new Arrivals(), stripe: new Arrivals(), broken: new Arrivals() };
  #engine: ChildProcess | undefined;
  /** Settled when what engines said is whole on the disk. */
  readonly #written: Promise<unknown>[] = [];
  #starts = 0;

  constructor(root: string, messages: number, sabotage: string | undefined) {
    this.#root = root;
    this.#messages = messages;
    this.#sabotage = sabotage;
    this.#project = join(root, "project");
    this.outbox = join(root, "outbox");
    this.exported = join(root, "exported");
    this.given = join(root, "given");
    this.#kept = join(root, "kept");
    for (const folder of [this.#project, this.outbox, this.given, this.#kept, join(root, "tmp"), join(root, "said")]) mkdirSync(folder, { recursive: true });
    this.#env = { ...process.env, TMPDIR: join(root, "tmp"), CANARY_WATCH: root, CANARY_KEPT: this.#kept, NODE_NO_WARNINGS: "1" };
  }

  async live(): Promise<Told> {
    const ports = await this.#partners();
    for (const [name, text] of Object.entries(projectFiles(ports, this.outbox))) writeFileSync(join(this.#project, name), text);
    const shown: Shown[] = [];
    let url = await this.#start();
    const acks: string[] = [];
    for (let i = 0; i < this.#messages; i++) acks.push(await sendMllp(ports.mllp, canaryMessage(i, i % 5 ? "ORU^R01" : "ADT^A08")));
    acks.push(await sendMllp(ports.mllp, canaryMessage(1)), await sendMllp(ports.mllp, canaryMessage(1).replace("13.4", "13.5")));
    for (const broken of brokenMessages()) acks.push(await sendMllp(ports.mllp, broken).catch(() => "closed"));
    const visit = JSON.stringify({ resourceType: canaries.family, id: canaries.mrn, name: canaries.given, ssn: canaries.ssn });
    for (const [body, type] of [[visit, "application/json"], [visit.slice(0, 40), "application/json"], [`"${canaries.ssn}"}`, "text/plain"], ["", "application/json"]] as const) acks.push(await post(`http://127.0.0.1:${ports.http}/in`, body, type));
    acks.push(await post(`http://127.0.0.1:${ports.http}/${canaries.mrn}?name=${canaries.family}`, visit, "application/json"));
    // A disk's state at this moment: the write-ahead logs are full.
    this.#photograph("before the kill");
    const sending = Array.from({ length: 8 }, (_, i) => sendMllp(ports.mllp, canaryMessage(5000 + i)).catch(() => "closed"));
    await pause(15);
    const killed = await this.#kill();
    acks.push(...(await Promise.all(sending)));
    this.#photograph("after the kill");
    url = await this.#start();
    const tail = this.#command(["tail", "--json"], 4000);
    acks.push(await sendMllp(ports.mllp, canaryMessage(6000)));
    await this.#quiet(url);
    for (const page of await this.#pages(url)) shown.push(page);
    shown.push(...(await this.#commands()));
    const unmasked = [(await this.#command(["message", "show", "--control-id", "CN1", "--unmask", "--purpose", "HOPERAT"])).text];
    await this.#command(["message", "export", "--control-id", "CN2", "--unmask", "--purpose", "PATRQT", "--out", this.exported]);
    const views = await this.#command(["message", "views", "--json"]);
    shown.push({ where: "message views", text: views.text }, { where: "backup", text: (await this.#command(["backup", join(this.#root, "backup")])).text }, { where: "tail", text: (await tail).text });
    this.#photograph("at the end");
    await this.#stop();
    shown.push(...acks.map((text, i) => ({ where: `answer ${i}`, text })));
    for (const name of readdirSync(join(this.#root, "said"))) shown.push({ where: `said, ${name}`, text: readFileSync(join(this.#root, "said", name), "utf8") });
    const { ehr, ward, stripe, broken } = this.#arrivals;
    for (const { path, headers, body } of stripe.all()) shown.push({ where: "payment", text: `${path}\n${JSON.stringify(headers)}\n${body}` });
    for (const { path, headers } of [...ehr.all(), ...broken.all()]) shown.push({ where: "head of a request", text: `${path}\n${JSON.stringify(headers)}` });
    for (const name of readdirSync(this.outbox)) shown.push({ where: "file name", text: name });
    return {
      shown, delivered: [...ehr.all(), ...ward.all(), ...broken.all()].map(({ body }) => body), unmasked, views: (views.text.match(/"purpose"/g) ?? []).length,
      acked: acks.filter((ack) => /\rMSA\|AA\|/.test(ack)).length, notTaken: acks.filter((ack) => /\rMSA\|A[ER]\|/.test(ack)).length, killed,
    };
  }

  keptCount(): number {
    return readdirSync(this.#kept).length;
  }

  async end(): Promise<void> {
    await this.#kill();
    for (const server of this.#servers) {
      if ("closeAllConnections" in server) (server as unknown as { closeAllConnections(): void }).closeAllConnections();
      server.close();
    }
  }

  async #partners(): Promise<Ports> {
    const { ehr, ward, stripe, broken } = this.#arrivals;
    const ok = () => ({ status: 200, json: { ok: true } });
    /** Says in its error what it was sent, as many servers do. */
    const echoes = (body: string) => ({ status: 422, json: { error: `cannot read ${body}`, patient: canaries.family } });
    const listen = (server: Server) => new Promise<number>((resolve) => {
      this.#servers.push(server);
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    return {
      mllp: await freePort(), http: await freePort(), nobody: await freePort(), ehr: await listen(httpPeer(ehr, ok)), stripe: await listen(httpPeer(stripe, ok)),
      broken: await listen(httpPeer(broken, echoes)), ward: await listen(mllpPeer(ward)),
    };
  }

  /** `sluice run`, in a process group of its own; gives the address of its console. */
  async #start(): Promise<string> {
    const number = ++this.#starts;
    const careless = this.#sabotage === undefined ? [] : ["--import", preload("careless.ts")];
    const env = { ...this.#env, ...(this.#sabotage === undefined ? {} : { CANARY_SABOTAGE: this.#sabotage }) };
    const child = spawn(process.execPath, ["--import", preload("keep.ts"), ...careless, command, "run", this.#project, "--port", "0", "--json"], { detached: true, stdio: ["ignore", "pipe", "pipe"], env });
    this.#engine = child;
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
    for (const [stream, name] of [[child.stdout, "out"], [child.stderr, "err"]] as const) {
      const file = stream.pipe(createWriteStream(join(this.#root, "said", `engine-${number}.${name}`)));
      this.#written.push(new Promise((resolve) => file.once("close", resolve)));
    }
    await eventually(() => out.includes('"event":"ready"') || child.exitCode !== null, 120_000);
    if (child.exitCode !== null) throw new Error(`the engine ended with ${child.exitCode}: ${readFileSync(join(this.#root, "said", `engine-${number}.err`), "utf8").slice(0, 2000)}`);
    return (JSON.parse(out.split("\n").find((line) => line.includes("ready")) ?? "{}") as { console: string }).console;
  }

  async #kill(): Promise<boolean> {
    const child = this.#engine;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return false;
    const ended = new Promise((resolve) => child.once("close", resolve));
    process.kill(-child.pid, "SIGKILL");
    await ended;
    await Promise.all(this.#written);
    return true;
  }

  async #stop(): Promise<void> {
    const child = this.#engine;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    await ended;
    await Promise.all(this.#written);
  }

  /** Nothing waits any more. */
  async #quiet(url: string): Promise<void> {
    const deadline = performance.now() + 240_000;
    for (;;) {
      const status = (await (await fetch(`${url.replace(/\/$/, "")}/api/status`)).json()) as { lanes: { depth: number }[] };
      if (status.lanes.every(({ depth }) => depth === 0)) return;
      if (performance.now() > deadline) throw new Error("lanes did not drain");
      await pause(100);
    }
  }

  async #pages(url: string): Promise<Shown[]> {
    const base = url.replace(/\/$/, "");
    const paths = ["/", "/map.svg", "/livez", "/readyz", "/metrics", "/api/status", "/api/messages?limit=500", "/api/dead?limit=500", `/api/messages?controlId=CN1`, `/api/messages?q=${canaries.family}`, ...Array.from({ length: 12 }, (_, i) => `/api/messages/${i + 1}`)];
    const shown: Shown[] = [];
    for (const path of paths) {
      const answer = await fetch(base + path);
      // What was asked is no secret of the answer's; an answer that repeats it would be.
      shown.push({ where: `GET ${path.replace(canaries.family, "…")}`, text: JSON.stringify([...answer.headers]) + (await answer.text()) });
    }
    return shown;
  }

  async #commands(): Promise<Shown[]> {
    const calls = [
      ["message", "list", "--limit", "200"], ["message", "list", "--json", "--limit", "200"], ["message", "show", "--control-id", "CN1"], ["message", "show", "--control-id", "CN1", "--contents"], ["message", "show", "--control-id", "CN1", "--contents", "--json"],
      ["message", "show", "--control-id", "CN5", "--contents"], ["dead", "list"], ["dead", "list", "--json"], ["lane", "list"], ["lane", "list", "--json"], ["doctor"], ["explain", "results"], ["map", "--format", "table"], ["lint"], ["keys", "list"], ["prune"], ["replay", "--control-id", "CN3", "--to", "results/ward", "--preview"],
      ["dead", "retry", "--lane", "results/broken", "--yes"], ["dead", "discard", "--lane", "results/nobody", "--reason", "drill", "--yes"], ["message", "list", "--type", canaries.family],
    ];
    const shown: Shown[] = [];
    for (const call of calls) shown.push({ where: `sluice ${call.join(" ").replace(canaries.family, "…")}`, text: (await this.#command(call)).text });
    return shown;
  }

  /** A command of the operator, as a process of its own, with the same folders. */
  #command(words: readonly string[], ms = 120_000): Promise<Shown> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, ["--import", preload("keep.ts"), command, ...words], { cwd: this.#project, stdio: ["ignore", "pipe", "pipe"], env: this.#env });
      const timer = setTimeout(() => child.kill("SIGTERM"), ms);
      let text = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
      child.on("close", () => {
        clearTimeout(timer);
        resolve({ where: words.join(" "), text });
      });
    });
  }

  /** The record as it lies there now, with the logs that a closing database takes away. */
  #photograph(when: string): void {
    const from = join(this.#project, ".sluice");
    if (!existsSync(from)) return;
    const to = join(this.#root, "photographs", when.replaceAll(" ", "-"));
    mkdirSync(to, { recursive: true });
    cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith("sock") });
    if (existsSync(join(from, "keys"))) copyFileSync(join(from, "keys"), join(to, "keys"));
  }
}

async function post(url: string, body: string, type: string): Promise<string> {
  const answer = await fetch(url, { method: "POST", body, headers: { "content-type": type } });
  return `${answer.status}\n${JSON.stringify([...answer.headers])}\n${await answer.text()}`;
}
