import { type Validator, validatorOf } from "../codec/validate.ts";
import type { Tree } from "../codec/tree.ts";
import type { Channel } from "../config/project.ts";
import type { Code } from "../sdk/index.ts";
import type { FlowEvents } from "./ports.ts";
import type { NotReceived, Received } from "./received.ts";

/** The strict reader of a channel's source: one for each revision of it, made when its first message comes. */
export class Strict {
  #made: { readonly channel: Channel; readonly validator: Promise<Validator> } | undefined;

  of(channel: Channel): Promise<Validator> {
    if (this.#made?.channel === channel) return this.#made.validator;
    const { format, profile, localProfile } = channel.source;
    const validator = validatorOf(format, { ...(profile === undefined ? {} : { profile }), ...(localProfile === undefined ? {} : { local: localProfile }) });
    this.#made = { channel, validator };
    return validator;
  }

  /** The first fault of a message: what it is held for (`validate: hold`). */
  async flawOf(tree: Tree, channel: Channel): Promise<Code | undefined> {
    return (await this.of(channel))(tree).find(({ severity }) => severity === "error")?.code;
  }
}

/** Most kinds of problem of one message that become events. */
const most = 20;

/** An event for each kind of problem of a message: its code, its path without numbers of segments and repetitions, and how often it is there. */
export function nonconforming(channel: Channel, { problems = [] }: Received | NotReceived, events: FlowEvents): void {
  const kinds = new Map<string, { readonly code: Code; readonly path: string; count: number }>();
  for (const { code, path } of problems) {
    const place = path.replace(/\[\d+\]/g, "");
    const kind = kinds.get(`${code} ${place}`);
    if (kind) kind.count++;
    else if (kinds.size < most) kinds.set(`${code} ${place}`, { code, path: place, count: 1 });
  }
  for (const { code, path, count } of kinds.values()) events.nonconforming(channel.name, code, path, count);
}
