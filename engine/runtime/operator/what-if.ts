import { derivedMint } from "../../flow/mint.ts";
import type { Channel, DestinationSpec } from "../../config/project.ts";
import { deidentified } from "../../flow/deidentified.ts";
import { guarded } from "../../flow/guarded.ts";
import { laneOf } from "../../flow/stored.ts";
import type { ChannelRevision, Exit, FlowPorts } from "../../flow/ports.ts";
import { transformed } from "../../flow/transformed.ts";
import { Work } from "../../flow/work.ts";
import type { Mint } from "../../phi/index.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { codeOf, type Content, EngineError } from "../../sdk/index.ts";
import type { MessageDetail, MessageSummary, StoreCare } from "../../store/store.ts";
import type { CurrentProject } from "../current-project.ts";
import { withEndpoint } from "../net/sole-endpoint.ts";
import { programOf } from "../program.ts";
import { type ComparedValues, type Comparison, type DestinationComparison, outcomeText } from "./comparison.ts";
import { differences, type FieldDifference } from "./difference.ts";
import { pageOf, turnOf } from "./entries.ts";
import { knownNames } from "./known-names.ts";
import type { Operated } from "./operated.ts";

export interface WhatIfParts {
  readonly engine: Operated;
  readonly care: Pick<StoreCare, "search" | "knownSurrogate">;
  /** The project as its files are now; rejects with `RUN-101` when they have mistakes. */
  readonly working: () => Promise<CurrentProject>;
  /** Worker processes apart from those that serve channels: what an edit does to them touches nobody. */
  readonly sandbox: () => Promise<Sandbox>;
}

export interface Compared {
  readonly comparison: Comparison;
  /** Of the messages that are named as examples. */
  readonly values: readonly ComparedValues[];
}

/** What a message came to at a destination: content, or an end. */
interface Outcome {
  readonly text: string;
  readonly content?: Content;
}

interface Tried {
  readonly message: number;
  readonly destination: string;
  readonly before: Outcome;
  readonly after: Outcome;
}

/** Messages of one look. */
const most = 1000;
/** Bytes of messages that are in memory at once. */
const mostBytes = 64 * 1024 * 1024;
/** Messages that are named as examples. */
const named = 5;

/** What the files of the project would have made of messages that were received already. Nothing is sent and nothing is recorded. */
export class WhatIf {
  readonly #parts: WhatIfParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: WhatIfParts) {
    this.#parts = parts;
  }

  /** The last messages of a channel through its files as they are now, against what was sent. `values`: of the examples, with their values. */
  compare(request: { readonly channel: string; readonly last: number }): Promise<Compared> {
    // One after the other: two at once would load and unload the same program, and hold twice the messages.
    const compared = this.#turn.then(() => this.#compare(request));
    this.#turn = compared.catch(() => undefined);
    return compared;
  }

  async #compare(request: { readonly channel: string; readonly last: number }): Promise<Compared> {
    const { engine, care } = this.#parts;
    // Worker processes take longest to start; they do while the files are read.
    const sandbox = this.#parts.sandbox();
    sandbox.catch(() => undefined);
    const project = await this.#parts.working();
    const channel = project.project.channels.find(({ name }) => name === request.channel);
    if (!channel) throw new EngineError("RUN-201", { channel: request.channel });
    const { clock } = engine.ports;
    const page = await pageOf(care, { channel: channel.name, limit: Math.min(most, request.last) }, clock, turnOf(clock));
    const details = withinMemory(page).flatMap(({ id }) => engine.ports.store.message(id) ?? []);
    const kept = details.filter(({ raw }) => raw !== undefined);
    const tried = await this.#try(channel, project, kept, await sandbox);
    const running = engine.runners.find((runner) => runner.channel.name === channel.name)?.channel.revision;
    const destinations = channel.destinations.map(({ name }) => summary(name, tried, channel));
    const examples = new Set(destinations.flatMap((each) => each.examples));
    return {
      comparison: {
        channel: channel.name, working: channel.revision, ...(running === undefined ? {} : { running }),
        messages: kept.length, gone: details.length - kept.length, destinations,
      },
      values: tried.flatMap((each) => {
        if (!examples.has(each.message)) return [];
        const differ = differing(each, channel);
        return differ.length === 0 ? [] : [{ message: each.message, destination: each.destination, differences: differ }];
      }),
    };
  }

  async #try(channel: Channel, { project, registry }: CurrentProject, details: readonly MessageDetail[], sandbox: Sandbox): Promise<readonly Tried[]> {
    const program = { ...programOf(channel, project), name: `what-if ${channel.name}@${channel.revision}` };
    const mistakes = await sandbox.load(program);
    if (mistakes.length > 0) throw new EngineError("RUN-101", { errors: mistakes.length });
    const revision: ChannelRevision = { channel, program: program.name };
    const ports: FlowPorts = { ...this.#parts.engine.ports, mint: trialMint(this.#parts), sandbox, partner: (name) => project.partners.get(name) };
    const running = this.#parts.engine.runners.find((runner) => runner.channel.name === channel.name);
    // Where a message had no entry, its destination is new, or takes what others could not deliver.
    const isAsked = ({ entries }: MessageDetail, { spec }: Exit) => {
      const lane = laneOf(channel.name, spec.name);
      return entries.some((entry) => entry.lane === lane) || !running?.laneNames.includes(lane);
    };
    const exits = channel.destinations.map((spec): Exit => {
      const partner = project.partners.get(spec.partner);
      const definition = registry.definition(spec.connector)?.destination;
      if (!definition || !partner) throw new EngineError("RUN-105", { channel: channel.name, destination: spec.name });
      return { spec, connector: definition.create(withEndpoint(spec.options, partner, definition) as never), send: () => Promise.reject(new EngineError("RUN-212")) };
    });
    try {
      const all = details.map(async (detail) => {
        const asked = exits.filter((exit) => isAsked(detail, exit));
        const work = workOf(detail, channel);
        work.catch(() => undefined);
        return Promise.all(
          asked.map(async (exit) => ({
            message: detail.id,
            destination: exit.spec.name,
            before: before(detail, laneOf(channel.name, exit.spec.name)),
            after: await after(work, detail, revision, exit, ports).catch((error: unknown) => ({ text: outcomeText("held", codeOf(error, "FLW-202")) })),
          })),
        );
      });
      return (await Promise.all(all)).flat();
    } finally {
      await Promise.all(exits.map(({ connector }) => connector.close()));
      await sandbox.unload(program.name);
    }
  }
}

/** Tokens that the record has stay what they are; others are made for one comparison, and nobody keeps them. */
function trialMint({ engine, care }: WhatIfParts): Mint {
  const made = new Map<string, string>();
  const fresh = () => Buffer.from(engine.ports.random.bytes(16)).toString("hex");
  return {
    surrogate: (partner, kind, value) => {
      if (value === undefined) return fresh();
      const name = JSON.stringify([partner, kind, value]);
      const token = care.knownSurrogate(partner, kind, value) ?? made.get(name) ?? fresh();
      made.set(name, token);
      return token;
    },
    ...derivedMint(engine.ports.store),
  };
}

/** A message that cannot be read any more as its channel reads it is held, as the flow would; that shows at each of its destinations. */
async function workOf({ id, receivedAt, raw }: MessageDetail, { source }: Channel): Promise<Work> {
  const { format, bytes } = raw as Content;
  return Work.from({ id, receivedAt, raw: { format, bytes } }, source);
}

/** The newest, as long as they fit; one at least. */
function withinMemory(page: readonly MessageSummary[]): readonly MessageSummary[] {
  let bytes = 0;
  return page.filter((message, at) => {
    bytes += message.bytes;
    return at === 0 || bytes <= mostBytes;
  });
}

function before({ entries, sent }: MessageDetail, lane: string): Outcome {
  const content = sent[lane];
  if (content) return { text: "sent", content };
  const entry = entries.find((each) => each.lane === lane);
  if (!entry) return { text: "not for this destination" };
  return entry.state === "delivered" ? { text: "sent" } : { text: outcomeText(entry.state, entry.code) };
}

/** The stages of the flow between received and queued, with nothing kept. */
async function after(reading: Promise<Work>, detail: MessageDetail, revision: ChannelRevision, exit: Exit, ports: FlowPorts): Promise<Outcome> {
  const work = await reading;
  const decided = revision.channel.case && ports.cases?.decided(detail.id);
  if (decided?.kind === "passes") work.case = decided;
  const { result } = await transformed(work, detail.receivedAt, revision, exit.spec, ports);
  if (result.kind === "filtered") return { text: "filtered" };
  if (result.kind === "failed") return { text: outcomeText("dead", result.code) };
  const name = work.nameFor({ lane: laneOf(revision.channel.name, exit.spec.name) }, ports);
  const lowered = await deidentified(result, work, name, revision, exit.spec, ports);
  if ("refusal" in lowered) return { text: outcomeText("refused", lowered.refusal.code) };
  if (lowered.result.kind === "failed") return { text: outcomeText("dead", lowered.result.code) };
  const outcome = guarded(lowered.result, work, name, revision.channel, exit, ports);
  if (outcome.kind === "clean") return { text: "sent", content: outcome.content };
  return outcome.kind === "dead" ? { text: outcomeText("dead", outcome.code) } : { text: outcomeText("refused", outcome.refusal.code) };
}

/** Tokens drawn at random are new in each run; that is no difference. */
function ignored(channel: Channel, destination: string): ReadonlySet<string> {
  const { only = {}, deidentify } = channel.destinations.find(({ name }) => name === destination) as DestinationSpec;
  const drawn = Object.entries(only).flatMap(([name, field]) => (field.kind === "surrogate" && field.of === undefined ? [`/${name}`] : []));
  return new Set(deidentify ? [...drawn, "MSH-10"] : drawn);
}

function differing({ before, after, destination }: Tried, channel: Channel): readonly FieldDifference[] {
  if (!before.content || !after.content) return [];
  const { csv } = channel.source;
  const without = ignored(channel, destination);
  return differences(before.content, after.content, { known: knownNames(channel, after.content.format), ...(csv && { csv }) }).filter(({ path }) => !without.has(path));
}

function summary(destination: string, tried: readonly Tried[], channel: Channel): DestinationComparison {
  const outcomes: Record<string, number> = {};
  const fields = new Map<string, { path: string; changed: number; added: number; removed: number }>();
  const examples: number[] = [];
  let [same, unknown] = [0, 0];
  for (const each of tried.filter((one) => one.destination === destination)) {
    const { before, after } = each;
    const differ = differing(each, channel);
    if (before.text === after.text && differ.length === 0) {
      // Sent then and now, and what it was then is gone.
      if (before.text === "sent" && !before.content) unknown++;
      else same++;
      continue;
    }
    const change = `${before.text} → ${after.text}`;
    outcomes[change] = (outcomes[change] ?? 0) + 1;
    if (examples.length < named) examples.push(each.message);
    // Once a message, however often the field repeats in it.
    for (const key of new Set(differ.map(({ path, kind }) => `${kind} ${path}`))) {
      const [kind, path] = [key.slice(0, key.indexOf(" ")) as FieldDifference["kind"], key.slice(key.indexOf(" ") + 1)];
      const field = fields.get(path) ?? { path, changed: 0, added: 0, removed: 0 };
      field[kind]++;
      fields.set(path, field);
    }
  }
  const weight = (field: { changed: number; added: number; removed: number }) => field.changed + field.added + field.removed;
  return { destination, same, unknown, outcomes, fields: [...fields.values()].sort((a, b) => weight(b) - weight(a)), examples };
}
