import type { Channel, DestinationSpec, Project } from "../config/project.ts";
import { ChannelFlow } from "../flow/flow.ts";
import type { Exit, FlowPorts } from "../flow/ports.ts";
import { retryOf } from "../flow/queue-mode.ts";
import { lanesEntered, laneOf } from "../flow/stored.ts";
import { Lane } from "../queue/lane.ts";
import { type Code, type Content, type Destination, EngineError, type Envelope, type Receipt } from "../sdk/index.ts";
import { withEndpoint } from "./net/sole-endpoint.ts";
import type { Registry } from "./registry.ts";

/** What became of one message in a trial, by destination. */
export interface TrialResult {
  readonly receipt: Receipt;
  readonly destinations: ReadonlyMap<string, TrialEnd>;
}

export interface TrialEnd {
  readonly state: string;
  readonly code?: Code;
  /** Why: a place in the code, a rule and a field. */
  readonly reason?: string;
  /** What the partner would have received; where the protocol has a form of its own (of a web form, of rows), as it stood before it was put into that. */
  readonly sent?: Content;
  /** How it would have been addressed. */
  readonly envelope?: Omit<Envelope, "body">;
}

export interface TrialParts {
  readonly project: Project;
  readonly registry: Registry;
  readonly ports: FlowPorts;
}

/** Long enough for a message that takes its whole time limit three times. */
const patienceMs = 30_000;

/**
 * Sends one message through a channel's real path (store, sandbox, boundary, lanes) and captures what would leave, so that a
 * test sees what production does. Only the sockets are missing.
 */
export async function trial(channel: Channel, raw: Uint8Array, parts: TrialParts): Promise<TrialResult> {
  const captured = new Map<string, Required<Pick<TrialEnd, "sent" | "envelope">>>();
  const found = new Map<string, TrialEnd>();
  const lanes: Lane[] = [];
  /** A fallback joins them once something comes to it. */
  const awaited = new Set(lanesEntered(channel));
  let finished = () => {};
  const all = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const exits = new Map<string, Exit>();
  const doors = new Map<string, Lane>();
  const flow = new ChannelFlow(channel, exits, doors, withoutDuplicates(parts.ports));
  for (const spec of channel.destinations) {
    const name = laneOf(channel.name, spec.name);
    const fallback = spec.fallback === undefined ? undefined : laneOf(channel.name, spec.fallback);
    const partner = parts.project.partners.get(spec.partner);
    const definition = parts.registry.definition(spec.connector)?.destination;
    if (!definition || !partner) throw new EngineError("RUN-105", { channel: channel.name, destination: spec.name });
    const real = definition.create(withEndpoint(spec.options, partner, definition) as never);
    let rendered: Content | undefined;
    const connector: Destination = {
      send: (released, context) => real.send(released, context),
      close: () => real.close(),
      render: (message) => {
        rendered = message.content;
        return real.render(message);
      },
    };
    const send: Exit["send"] = async ({ envelope: { body, ...envelope } }) => {
      captured.set(spec.name, { sent: isReadable(body, spec) || !rendered ? { format: spec.format, bytes: body } : rendered, envelope });
      return { kind: "delivered" } as const;
    };
    exits.set(spec.name, { spec, connector, send });
    const lane = new Lane({
      name,
      store: parts.ports.store,
      policy: retryOf(spec),
      ...(fallback === undefined ? {} : { fallback }),
      clock: parts.ports.clock,
      random: parts.ports.random,
      work: flow.lane(spec.name),
      window: { entries: 1, bytes: Number.MAX_SAFE_INTEGER },
      onSettled: (_, entry, state, code) => {
        flow.settled(entry, state, code);
        found.set(spec.name, { state, ...(code ? { code } : {}), ...captured.get(spec.name) });
        if (fallback !== undefined && (state === "dead" || state === "rejected")) {
          awaited.add(fallback);
          doors.get(fallback)?.ring();
        }
        if ([...awaited].every((lane) => found.has(lane.slice(channel.name.length + 1)))) finished();
      },
    });
    lanes.push(lane);
    doors.set(name, lane);
    lane.start();
  }
  const receipt = await flow.receive(raw);
  const timer = parts.ports.clock.after(patienceMs, finished);
  if (receipt.id !== undefined && channel.destinations.length > 0) await all;
  timer.cancel();
  await Promise.all(lanes.map((lane) => lane.stop()));
  const reasons = receipt.id !== undefined ? reasonsOf(receipt.id, parts.ports.store) : new Map<string, string>();
  const withReason = ([name, end]: [string, TrialEnd]): [string, TrialEnd] => {
    const reason = reasons.get(laneOf(channel.name, name));
    return [name, reason === undefined ? end : { ...end, reason }];
  };
  return { receipt, destinations: new Map([...found].map(withReason)) };
}

/** Whether a body is of the destination's format still, and no form of its protocol. */
function isReadable(body: Uint8Array, { format }: DestinationSpec): boolean {
  if (format !== "json" && format !== "fhir") return true;
  try {
    JSON.parse(new TextDecoder().decode(body));
    return true;
  } catch {
    return false;
  }
}

/** The last reason of each lane, as the record has it. */
function reasonsOf(id: string, store: FlowPorts["store"]): ReadonlyMap<string, string> {
  const history = store.message(Number(id.slice(1)))?.history ?? [];
  return new Map(history.flatMap(({ lane, reason }) => (reason === undefined ? [] : [[lane, reason] as const])));
}

/** Two tests may use the same fixture: in a trial a resend is a new message. */
function withoutDuplicates(ports: FlowPorts): FlowPorts {
  const { store } = ports;
  const accept: typeof store.accept = ({ identity: _, ...request }) => store.accept(request);
  return { ...ports, store: new Proxy(store, { get: (target, key) => (key === "accept" ? accept : bound(target, key)) }) };
}

function bound(target: object, key: string | symbol): unknown {
  const value = Reflect.get(target, key);
  return typeof value === "function" ? value.bind(target) : value;
}
