import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { openCases } from "../cases/index.ts";
import { drugSchedulesOf } from "../phi/controlled/index.ts";
import type { FileSystem } from "../config/files.ts";
import { lintProject, readProject } from "../config/index.ts";
import { configRules } from "../config/lint/index.ts";
import type { Channel, Project } from "../config/project.ts";
import type { FlowPorts } from "../flow/ports.ts";
import { backDated, createBoundary, proofRules } from "../phi/index.ts";
import { isReleased } from "../phi/release.ts";
import { InboundAuthenticators } from "../identity/inbound/inbound-authenticators.ts";
import { UsedAssertions } from "../identity/inbound/saml/used-assertions.ts";
import { serveKeySet } from "../identity/outbound/key-set-route.ts";
import { OutboundCredentials } from "../identity/outbound/outbound-credentials.ts";
import { BreakGlass } from "../runtime/break-glass/desk.ts";
import { Budget } from "../runtime/budget.ts";
import { nextTurn, systemClock, systemRandom } from "../runtime/clock.ts";
import type { CurrentProject } from "../runtime/current-project.ts";
import { Engine } from "../runtime/engine.ts";
import { Events } from "../runtime/events.ts";
import { FeedDoors } from "../runtime/feeds/feed-doors.ts";
import { Feeds } from "../runtime/feeds/feeds.ts";
import { Files } from "../runtime/files/files.ts";
import { HandOffs } from "../runtime/hand-offs.ts";
import { TableFiles } from "../runtime/lookups/table-files.ts";
import { TableWatch } from "../runtime/lookups/table-watch.ts";
import { identityKey, opaqueIds } from "../runtime/identity-key.ts";
import { Inbound } from "../runtime/net/inbound.ts";
import { Outbound } from "../runtime/net/outbound.ts";
import type { Operations } from "../runtime/operations.ts";
import { HeldPartners } from "../runtime/operator/held-partners.ts";
import { IdleSandbox } from "../runtime/operator/idle-sandbox.ts";
import { Operator } from "../runtime/operator/operator.ts";
import { Retention } from "../runtime/operator/retention.ts";
import { StandingOrders } from "../runtime/operator/standing-orders.ts";
import { WorkDesk } from "../runtime/operator/work-desk.ts";
import { policyFile } from "../runtime/policy-files.ts";
import { programOf } from "../runtime/program.ts";
import { ProjectNames } from "../runtime/project-names.ts";
import { addProjectConnectors, builtInConnectors, type Registry } from "../runtime/registry.ts";
import type { ReloadReport } from "../runtime/reload-plan.ts";
import { Revisions } from "../runtime/revisions.ts";
import { Secrets } from "../runtime/secrets.ts";
import { renewTls } from "../runtime/tls-renewal.ts";
import { createSandbox } from "../sandbox/index.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { type Clock, codeOf, type Diagnostic, EngineError } from "../sdk/index.ts";
import { openStore } from "../store/index.ts";
import { configurationNotice } from "../disclosures/configuration.ts";
import { Closers } from "./closers.ts";
import { AgreementWatch } from "../runtime/agreement-watch.ts";
import { named } from "../runtime/safe-field.ts";
import { WallCalendar } from "../runtime/calendar.ts";
import { fileHashBelow } from "./file-hash.ts";
import { withTables } from "./with-tables.ts";

export interface EngineOptions {
  /** Folder that holds `sluice.yaml`. */
  readonly root: string;
  /** Where event lines go; default: standard error. */
  readonly log?: (line: string) => void;
  /** Folder of the store instead of the project's `data`. */
  readonly data?: string;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Lets the store stand on a file system in memory: for tests alone. */
  readonly allowVolatileStore?: boolean;
}

export interface RunningEngine {
  /** As it runs now: a reload puts another in its place. */
  readonly project: Project;
  readonly operations: Operations;
  /** Absolute path of the store's folder. */
  readonly data: string;
  /**
   * Goes on with the project as it was read now: what differs is changed while it runs, and the rest is not touched. Rejects with `ProjectError`
   * when code does not compile, else with EngineError; everything runs on as before then.
   */
  reload(loaded: LoadedProject): Promise<ReloadReport>;
  close(): Promise<void>;
}

/** The project has mistakes: all of them, for whoever prints them. */
export class ProjectError extends EngineError {
  readonly diagnostics: readonly Diagnostic[];
  /** Text of the project's files by the names the diagnostics use: relative to the project. */
  readonly sources: ReadonlyMap<string, string>;
  constructor(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>) {
    super("RUN-101", { errors: diagnostics.filter((d) => d.level === "error").length });
    this.diagnostics = diagnostics;
    this.sources = sources;
  }
}

export interface LoadedProject {
  readonly project: Project;
  readonly registry: Registry;
  readonly warnings: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
}

export interface LoadOptions {
  /** For trials, which open no secret. */
  readonly assumeSecrets?: boolean;
  /** Connectors that are loaded already: reading again is a matter of milliseconds then. */
  readonly registry?: Registry;
  /** Where the engine's own policy data is read; default: where it is installed. */
  readonly policyFile?: (path: string) => Uint8Array | undefined;
  /** Default: the disk. */
  readonly files?: FileSystem;
}

/** Reads and lints a project. Throws `ProjectError` with everything that is wrong; warnings come back. */
export async function loadProject(root: string, options: LoadOptions = {}): Promise<LoadedProject> {
  const registry = options.registry ?? (await builtInConnectors());
  const where = { connectors: registry, ...(options.files && { files: options.files }) };
  let read = readProject(root, where);
  // A package that is not trusted is not touched; lint says so with its place.
  if (read.project && trusts(read.project.settings)) {
    await addProjectConnectors(registry, root, read.project.settings);
    read = readProject(root, where);
  }
  const found = [...read.diagnostics];
  if (read.project) {
    const secrets = new Secrets(root, process.env);
    found.push(
      ...lintProject(read.project, [...configRules, ...proofRules], {
        connectors: registry,
        now: systemClock.now(),
        secretExists: (ref) => options.assumeSecrets === true || secrets.exists(ref),
        fileHash: fileHashBelow(root),
        fileExists: (path) => options.assumeSecrets === true || existsSync(resolve(root, path)),
        policyFile: options.policyFile ?? policyFile,
      }),
    );
  }
  if (!read.project || found.some((d) => d.level === "error" && !lapses.has(d.code))) throw new ProjectError(found, read.sources);
  return { project: read.project, registry, warnings: found.map((d) => ({ ...d, level: "warning" })), sources: read.sources };
}

/** What lint refuses and a start does not: an agreement that has ended suspends its own lanes (phi.md 1.13), and all others go on. */
const lapses: ReadonlySet<string> = new Set(["PHI-109"]);

function trusts({ connectors, trusted }: Project["settings"]): boolean {
  return connectors.length > 0 && connectors.every((name) => trusted.includes(name));
}

/** The sandbox of a project, with every channel's code compiled; mistakes of syntax are diagnostics like any other. */
export async function loadSandbox(loaded: LoadedProject, clock: Clock = systemClock, mapKey?: string): Promise<Sandbox> {
  const { project } = loaded;
  const { walls, timeoutMs, memoryMb } = project.settings.sandbox;
  const sandbox = await createSandbox({ walls, timeoutMs, memoryMb, clock, ...(mapKey === undefined ? {} : { mapKey }) });
  try {
    await compileProject(loaded, sandbox);
    return sandbox;
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

/** Throws `ProjectError` with every mistake of syntax. What did compile stays loaded, under its revision's name: the next try has it. */
export async function compileProject({ project, sources }: LoadedProject, sandbox: Sandbox, channels: readonly Channel[] = project.channels): Promise<void> {
  const found: Diagnostic[] = [];
  for (const channel of channels) found.push(...(await sandbox.load(programOf(channel, project))));
  if (found.length > 0) throw new ProjectError(found, sources);
}

function isSameTable(rows: Readonly<Record<string, string>>, other: Readonly<Record<string, string>> = {}): boolean {
  const all = Object.entries(rows);
  return all.length === Object.keys(other).length && all.every(([key, value]) => other[key] === value);
}

/** Puts the engine together and starts it: the only place that knows every room (DESIGN 4). */
export async function startEngine(options: EngineOptions): Promise<RunningEngine> {
  const root = resolve(options.root);
  const clock = options.clock ?? systemClock;
  const loaded = await loadProject(root);
  const { project } = loaded;
  const now: CurrentProject = { project, registry: loaded.registry };
  const data = options.data ?? (isAbsolute(project.settings.data) ? project.settings.data : join(root, project.settings.data));
  const names = new ProjectNames(() => now.project);
  const events = new Events(clock, options.log ?? ((line) => process.stderr.write(`${line}\n`)), names.has);
  const closers = new Closers();
  try {
    const store = await openStore({
      dir: data,
      clock,
      random: systemRandom,
      minFreeBytes: project.settings.store.minFreeBytes,
      ...(project.settings.disclosures.anchor !== undefined && { anchor: resolve(root, project.settings.disclosures.anchor) }),
      onFault: (code) => events.log("store-fault", { code }),
      ...(options.allowVolatileStore ? { allowVolatile: true } : {}),
    });
    closers.add(() => store.close());
    const cases = openCases({ dir: data, random: systemRandom, defer: nextTurn, keyedId: (purpose, ...parts) => store.keyedId(purpose, ...parts), onFault: (code) => events.log("store-fault", { code }) });
    closers.add(() => cases.end());
    for (const { lane } of store.counts()) names.addLane(lane);
    const sandbox = await loadSandbox(loaded, clock, store.keyedId("map", "ids"));
    closers.add(() => sandbox.close());
    const revisions = new Revisions(data, sandbox);
    for (const channel of project.channels) revisions.begin(channel, programOf(channel, project));
    const secrets = new Secrets(root, process.env);
    const budget = new Budget(project.settings.budget.engineBytes);
    const openSecret = secrets.open.bind(secrets);
    const inbound = new Inbound({
      clock,
      budget,
      resolvePath: (path) => resolve(root, path),
      openSecret,
      authenticators: { token: (...of) => authenticators.token(...of), signature: (...of) => authenticators.signature(...of), idToken: (...of) => authenticators.idToken(...of), certificate: (...of) => authenticators.certificate(...of) },
      onProblem: (code) => events.log("listener-problem", { code }),
    });
    closers.add(() => inbound.close());
    const calendar = new WallCalendar(clock, data);
    closers.add(() => calendar.keep());
    const boundary = createBoundary();
    const stillReleased = (value: unknown) => isReleased(value, calendar.now());
    const outbound = new Outbound({
      clock,
      resolvePath: (path) => resolve(root, path),
      endpointOf: (partner, id) => now.project.partners.get(partner)?.endpoints.find((endpoint) => endpoint.id === id),
      openSecret,
      credentials: { authorization: (...of) => credentials.authorization(...of), refused: (...of) => credentials.refused(...of) },
      isReleased: stillReleased,
    });
    closers.add(() => outbound.close());
    const identity = { clock, random: systemRandom, openSecret, events, boundary, partner: (name: string) => now.project.partners.get(name), now: () => calendar.now() };
    const ending = new AbortController();
    closers.add(async () => ending.abort());
    const toIssuers = { ...identity, way: outbound.forDestination(), signal: ending.signal };
    const credentials = new OutboundCredentials(toIssuers);
    const used = new UsedAssertions(data);
    closers.add(async () => used.close());
    const authenticators = new InboundAuthenticators({
      ...toIssuers,
      issuers: () => now.project.settings.identity?.issuers ?? {},
      hash: (issuer, subject) => store.keyedId("principal", issuer, subject),
      readFile: (path) => readFileSync(resolve(root, path)),
      used,
    });
    const files = new Files({
      clock,
      random: systemRandom,
      root,
      data,
      endpointOf: (partner, id) => now.project.partners.get(partner)?.endpoints.find((endpoint) => endpoint.id === id),
      isReleased: stillReleased,
    });
    closers.add(() => files.close());
    let running: LoadedProject = loaded;
    const watchTables = new TableWatch({ clock, root, onChange: () => takeTables() });
    closers.add(async () => watchTables.stop());
    const tables = new TableFiles({ root, endpointOf: (partner, id) => now.project.partners.get(partner)?.endpoints.find((endpoint) => endpoint.id === id), isReleased: stillReleased, onWritten: () => watchTables.poke() });
    const feeds = new Feeds({ dir: data, clock, random: systemRandom, keyedId: (purpose, ...parts) => store.keyedId(purpose, ...parts), isReleased: stillReleased });
    closers.add(() => feeds.close());
    const renewal = renewTls({ clock, events, inbound, outbound });
    closers.add(() => renewal.stop());
    const base: FlowPorts = {
      clock,
      random: systemRandom,
      store,
      sandbox,
      boundary,
      opaqueId: opaqueIds(identityKey(data, systemRandom, { hasMessages: store.list({ limit: 1 }).length > 0 })),
      partner: (name) => now.project.partners.get(name),
      revision: (channel, revision) => revisions.find(channel, revision),
      events,
      calendar,
      cases,
      alerts: cases.alerts,
      drugSchedules: () => drugSchedulesOf(now.project),
    };
    const breakGlass = new BreakGlass({ data, clock, events, project: () => now.project, wake: (lane) => operator.lanes.find(lane)?.retryNow() });
    const ports: FlowPorts = { ...base, breakGlass };
    const trials = new IdleSandbox(() => createSandbox({ ...now.project.settings.sandbox, clock }), clock);
    closers.add(() => trials.close());
    const orders = new StandingOrders(store, new HeldPartners(data));
    const engine = new Engine({
      now,
      get project() {
        return now.project;
      },
      get registry() {
        return now.registry;
      },
      ports,
      events,
      inbound,
      outbound,
      files,
      feeds,
      handOffs: new HandOffs(),
      tables,
      budget,
      pausedBy: (lane, partner) => orders.find(lane, partner),
      startedAt: clock.now(),
    });
    const retention = new Retention({ store, cases, clock, events, project: () => now.project });
    const work = new WorkDesk({ cases, clock, events, store, withdraw: (lane, id, change) => operator.lanes.withdraw(lane, id, change), ring: (lane) => operator.lanes.find(lane)?.ring() });
    const operator = new Operator(engine, {
      care: store,
      retention,
      orders,
      breakGlass,
      work,
      dataFolder: data,
      working: () => loadProject(root, { assumeSecrets: true, registry: now.registry }),
      sandbox: () => trials.get(),
    });
    closers.add(() => engine.stop());
    closers.add(() => retention.stop());
    closers.add(() => work.stop());
    closers.add(() => operator.jobs.close());
    // Before anything can leave, the ledger holds by whose word it would.
    await store.disclose(configurationNotice(project, clock.now()));
    await engine.start();
    const doors = new FeedDoors({ feeds, inbound, events, boundary, openSecret, project: () => now.project, registry: () => now.registry, now: () => calendar.now(), pausedBy: (lane, partner) => orders.find(lane, partner) });
    closers.add(() => doors.close());
    await doors.follow();
    const { keySet } = project.settings.identity ?? {};
    if (keySet) await serveKeySet(keySet, { inbound, openSecret, partners: () => now.project.partners.values(), onProblem: (code) => events.log("listener-problem", { code }) });
    retention.start();
    work.start();
    events.log("engine-started", { channels: project.channels.length });
    const watch = new AgreementWatch({ clock, events, project: () => now.project });
    closers.add(() => watch.stop());
    watch.start();
    const reload = async (next: LoadedProject) => {
      const suspicious = backDated(now.project.partners, next.project.partners, calendar.now());
      const report = await engine.reload({ project: next.project, registry: next.registry }, async (channels) => {
        await store.disclose(configurationNotice(next.project, clock.now()));
        await compileProject(next, sandbox, channels);
        for (const channel of channels) revisions.begin(channel, programOf(channel, next.project));
      });
      running = next;
      await doors.follow();
      for (const partner of suspicious) events.log("agreement-back-dated", { partner: named(partner) });
      return report;
    };
    const takeTables = async () => {
      try {
        const before = now.project.lookups;
        await reload(await loadProject(root, { registry: now.registry, files: withTables(root, running.sources) }));
        for (const [table, rows] of now.project.lookups) if (!isSameTable(rows, before.get(table))) events.log("lookup-changed", { table: named(table), count: Object.keys(rows).length });
      } catch (error) {
        events.log("lookup-not-taken", { code: codeOf(error, "RUN-101") });
      }
    };
    watchTables.start();
    return {
      get project() {
        return now.project;
      },
      operations: operator,
      data,
      reload,
      close: () => closers.close(),
    };
  } catch (error) {
    // Why it did not start is what counts; a fault while closing would hide it.
    await closers.close().catch(() => undefined);
    throw error;
  }
}
