import { splitter, type SplitWay } from "../codec/split/index.ts";
import type { Validator } from "../codec/validate.ts";
import type { Channel, Partner } from "../config/project.ts";
import { codeOf, type ReceiveOptions } from "../sdk/index.ts";
import type { FlowPorts } from "./ports.ts";
import { type NotReceived, plainHeader, type Received, received } from "./received.ts";

/** One message of what came as one body. */
export interface Part {
  readonly raw: Uint8Array;
  readonly message: Received;
}

/**
 * The messages of a body: itself, or what the channel's `split` cuts out of it. All are read before any is taken: of a batch that holds a bad
 * message, that does not agree with its own counts or whose end is missing, nothing is stored, and its sender still has all of it.
 */
export function partsOf(raw: Uint8Array, channel: Channel, partner: Partner | undefined, { identity, whole, evidence, handOff }: ReceiveOptions, { clock, drugSchedules }: Pick<FlowPorts, "clock" | "drugSchedules">, validator?: Validator): readonly Part[] | NotReceived {
  const { split, csv, charset } = channel.source;
  const bodies = whole && split ? cut(raw, split, csv, charset) : [raw];
  if ("code" in bodies) return bodies;
  // Another channel of this engine asked already, and has altered nothing since.
  const signed = channel.source.format === "script" && handOff === undefined ? { evidence, now: clock.now(), drugs: drugSchedules?.() } : undefined;
  const parts: Part[] = [];
  for (const [index, body] of bodies.entries()) {
    // The protocol's id names the body; the same body is cut into the same messages.
    const given = identity === undefined || bodies.length === 1 ? identity : `${identity}\n${index + 1}`;
    const message = received(body, channel, partner, given, validator, signed);
    if ("code" in message) return message;
    parts.push({ raw: body, message });
  }
  return parts;
}

function cut(raw: Uint8Array, split: SplitWay, csv: Channel["source"]["csv"], charset: string): readonly Uint8Array[] | NotReceived {
  try {
    const pieces = splitter(split, csv, {}, charset);
    const cuts = [...pieces.push(raw), ...pieces.finish()];
    const [problem] = pieces.problems();
    if (problem) return notCut(raw, problem.code);
    return cuts.length === 0 ? { code: "FLW-103" } : cuts.map(({ bytes }) => bytes);
  } catch (error) {
    return notCut(raw, codeOf(error, "FLW-102"));
  }
}

/** The answer names the first message that can be seen. */
function notCut(raw: Uint8Array, code: NotReceived["code"]): NotReceived {
  const text = plainHeader(raw);
  return text === undefined ? { code } : { code, text };
}
