import { afterEach, expect, test } from "vitest";
import type { FlowPorts } from "../flow/ports.ts";
import type { Boundary } from "../phi/boundary.ts";
import * as given from "../phi/testing/given.ts";
import { seal } from "../phi/release.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { ConnectorDefinition, Outcome, Receipt, SourceContext } from "../sdk/index.ts";
import { EngineError } from "../sdk/index.ts";
import { temporaryStore } from "../store/testing.ts";
import { Budget } from "./budget.ts";
import { ChannelRunner, type RunnerParts } from "./channel-runner.ts";
import { HandOffs } from "./hand-offs.ts";
import { systemClock, systemRandom } from "./clock.ts";
import { Events } from "./events.ts";
import { Registry } from "./registry.ts";

const laneBytes = 500;
const retry = { attempts: 0, initialMs: 60_000, maxMs: 60_000, maxAgeMs: 0 };
const message = (id: string) => new TextEncoder().encode(`MSH|^~\\&|REG|N|S|N|20261121||ADT^A04|${id}|P|2.5.1\rPID|1||${"9".repeat(200)}\r`);

let ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

type Send = (signal: AbortSignal) => Promise<Outcome>;

/** One channel from a source that the test plays to partners that `sends` plays; the store, the flow and the lanes are real. */
async function running(sends: readonly Send[], change: (store: FlowPorts["store"]) => FlowPorts["store"] = (store) => store) {
  const { store, remove } = await temporaryStore({ clock: systemClock, random: systemRandom });
  ends.push(remove);
  let door: SourceContext | undefined;
  const asked: Promise<Receipt>[] = [];
  const receive = (id: string) => {
    const receipt = (door as SourceContext).receive(message(id));
    asked.push(receipt);
    return receipt;
  };
  const registry = new Registry();
  registry.add({
    name: "played",
    source: {
      create: () => ({
        start: async (ctx: SourceContext) => {
          door = ctx;
        },
        // As every source: it ends when what it has taken is answered.
        stop: async () => void (await Promise.all(asked)),
      }),
    },
    destination: {
      options: { properties: {} },
      create: ({ number }: { number: number }) => ({
        render: () => given.envelope("x"),
        send: (_: unknown, ctx: { signal: AbortSignal }) => (sends[number] as Send)(ctx.signal),
        close: async () => {},
      }),
    },
  } as unknown as ConnectorDefinition);
  const source = { ...given.channel().source, connector: "played", partner: "acme" };
  const destinations = sends.map((_, number) => given.destination({ name: `d${number}`, connector: "played", sends: "phi", options: { number }, format: "hl7v2", retry }));
  const channel = given.channel({ source, destinations });
  const link = { auth: "none", allow: ["*"], limit: { perSecond: 1e6, burst: 1e6 }, audit: "full", phi: "allowed" } as const;
  const partner = given.partner({ links: { inbound: link, outbound: link } });
  const project = given.project([channel], [partner]);
  const budget = new Budget(1_000_000);
  const boundary = { label: () => ({ compartments: [], obligations: [], unknown: false }), permits: () => ({ permit: {} }), guard: () => undefined, harvest: () => ({}), release: ({ envelope }: never) => ({ released: seal("acme", envelope), permit: {} }) };
  const ports: FlowPorts = {
    clock: systemClock,
    random: systemRandom,
    store: change(store) as FlowPorts["store"],
    sandbox: {} as Sandbox,
    boundary: boundary as unknown as Boundary,
    partner: () => partner,
    opaqueId: (scope, id) => `${scope}-${id}`,
    revision: async () => undefined,
    events: new Events(systemClock, () => {}),
  };
  const runner = new ChannelRunner(channel, {
    project: { ...project, settings: { ...project.settings, budget: { engineBytes: 1_000_000, laneBytes } } },
    registry,
    ports,
    events: new Events(systemClock, () => {}),
    inbound: {},
    outbound: { forDestination: () => ({ close: () => {} }) },
    files: { forAttempt: () => ({}) },
    feeds: { memoryOf: () => ({}) },
    handOffs: new HandOffs(),
    budget,
    pausedBy: () => undefined,
  } as unknown as RunnerParts);
  await runner.start();
  return { runner, receive, budget };
}

const soon = <T>(promise: Promise<T>, ms: number): Promise<T | "late"> =>
  Promise.race([promise, new Promise<"late">((resolve) => setTimeout(() => resolve("late"), ms))]);

/** A partner that takes the message and says nothing until the attempt is called off. */
const silent: Send = (signal) =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve({ kind: "unknown", code: "NET-210" })));

/** A connector that does not even heed its signal. */
const deaf: Send = () => new Promise(() => {});

async function eventually(check: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !check(); ) {
    if (performance.now() > end) throw new Error("did not come to hold");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("a stop ends although the backlog is full and the partner silent; who waits for room is told not now", async () => {
  const { runner, receive, budget } = await running([silent, deaf]);
  for (const id of ["A", "B"]) expect(await receive(id)).toMatchObject({ kind: "accepted" });
  const waiting = receive("C");
  expect(await soon(waiting, 100)).toBe("late");
  const stopped = runner.stop();
  // Long before the attempts are called off.
  expect(await soon(waiting, 4_000)).toMatchObject({ kind: "unavailable", code: "FLW-104" });
  expect(await soon(stopped, 30_000)).not.toBe("late");
  expect(budget.held).toBe(0);
});

test("a full backlog before a disk that records no outcome lets the next message through", async () => {
  const rejecting = (store: FlowPorts["store"]) =>
    new Proxy(store, {
      get: (target, key) => {
        if (key === "settle") return () => Promise.reject(new EngineError("STO-204"));
        const value = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const { runner, receive, budget } = await running([async () => ({ kind: "rejected", code: "NET-101" })], rejecting);
  for (const id of ["A", "B"]) await receive(id);
  expect(await soon(receive("C"), 20_000)).toMatchObject({ kind: "accepted" });
  await eventually(() => budget.held === 0);
  expect(await soon(runner.stop(), 30_000)).not.toBe("late");
});

test("a lane that tries a silent partner again holds nothing up", async () => {
  let attempts = 0;
  let answer = () => {};
  const silence = () => new Promise<Outcome>((resolve) => (answer = () => resolve({ kind: "retry", code: "NET-101" })));
  const { runner, receive } = await running([async () => (++attempts === 1 ? { kind: "retry", code: "NET-101" } : silence())]);
  await receive("A");
  await eventually(() => runner.lane("visits/d0")?.status.kind === "retrying");
  runner.lane("visits/d0")?.retryNow();
  await eventually(() => attempts === 2);
  for (const id of ["B", "C", "D", "E"]) expect(await soon(receive(id), 20_000)).toMatchObject({ kind: "accepted" });
  answer();
  await runner.stop();
});

test("accepted bytes are held in the engine's budget, once for each lane, until it has settled", async () => {
  const answers: (() => void)[] = [];
  const later: Send = () => new Promise((resolve) => answers.push(() => resolve({ kind: "delivered" })));
  const { runner, receive, budget } = await running([later, later]);
  await receive("A");
  expect(budget.held).toBe(2 * message("A").length);
  await eventually(() => answers.length === 2);
  answers[0]?.();
  await eventually(() => budget.held === message("A").length);
  answers[1]?.();
  await eventually(() => budget.held === 0);
  await runner.stop();
});
