import { createCipheriv, createDecipheriv } from "node:crypto";
import { readJson } from "../../codec/json/index.ts";
import { EngineError, type Clock, type Random, type Released, type ServedFeeds, type SourceMemory } from "../../sdk/index.ts";
import { spend } from "../net/outbound-wire.ts";
import { FeedFile, type PublishedTime } from "./feed-file.ts";

export interface FeedPorts {
  /** The engine's data folder; absent: in memory. */
  readonly dir?: string;
  readonly clock: Clock;
  readonly random: Pick<Random, "bytes">;
  /** The record's keyed hash, under a key that no rotation changes. */
  readonly keyedId: (purpose: string, ...parts: readonly string[]) => string;
  /** Whether the guard made this value (`phi/release`). */
  readonly isReleased: (value: unknown) => boolean;
}

const cipher = "aes-256-gcm";
const [nonceBytes, tagBytes] = [12, 16];
/** Minutes of the last moment that a calendar can name. */
const lastMinute = Math.floor(Date.UTC(9999, 11, 31) / 60_000);

/** What the engine serves of what was released, and what sources remember of what they fetched. */
export class Feeds {
  readonly #ports: FeedPorts;
  readonly #file: FeedFile;
  readonly #key: Uint8Array;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
    this.#file = new FeedFile(ports.dir);
    this.#key = Buffer.from(ports.keyedId("remembered", "seal 1") + ports.keyedId("remembered", "seal 2"), "hex");
  }

  /** `SendContext.publish`. Spends the release. */
  publish(lane: string, served: ServedFeeds | undefined, released: Released, sequence: number): void {
    if (!served || !this.#ports.isReleased(released)) throw new EngineError("NET-201", { sent: false });
    const { feed, item, start, minutes, busy } = timeIn(spend(released));
    if (!Object.hasOwn(served.feeds, feed)) throw new EngineError("ICL-121", { sent: false });
    const at = this.#ports.clock.now();
    this.#file.publish({ lane, feed, item, since: start, until: start + minutes, busy, sequence, at }, Math.floor((at - served.keepMs) / 60_000));
  }

  busy(lane: string, feed: string, keepMs: number): readonly PublishedTime[] {
    return this.#file.busy(lane, feed, Math.floor((this.#ports.clock.now() - keepMs) / 60_000));
  }

  /** What the source of a channel remembers. What cannot be opened any more is as if it had been forgotten. */
  memoryOf(channel: string): SourceMemory {
    const heading = (of: string) => `${channel}/${of}`;
    return {
      names: (of) => this.#file.names(heading(of)),
      read: (of, name) => {
        const sealed = this.#file.read(heading(of), name);
        return sealed && this.#opened(`${heading(of)}\n${name}`, sealed);
      },
      write: (of, name, value) => this.#file.write(heading(of), name, value && this.#sealed(`${heading(of)}\n${name}`, value)),
    };
  }

  close(): void {
    this.#file.close();
  }

  #sealed(place: string, value: Uint8Array): Uint8Array {
    const nonce = this.#ports.random.bytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#key, nonce).setAAD(Buffer.from(place));
    const body = Buffer.concat([sealing.update(value), sealing.final()]);
    return Buffer.concat([nonce, sealing.getAuthTag(), body]);
  }

  #opened(place: string, sealed: Uint8Array): Uint8Array | undefined {
    try {
      const opening = createDecipheriv(cipher, this.#key, sealed.subarray(0, nonceBytes)).setAAD(Buffer.from(place));
      opening.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([opening.update(sealed.subarray(nonceBytes + tagBytes)), opening.final()]);
    } catch {
      return undefined;
    }
  }
}

interface Time {
  readonly feed: string;
  readonly item: string;
  readonly start: number;
  readonly minutes: number;
  readonly busy: boolean;
}

/** Figures and tokens alone: nothing that stands here is text of a message. Throws `ICL-120`. */
function timeIn(body: Uint8Array): Time {
  let read: unknown;
  try {
    read = readJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new EngineError("ICL-120", { sent: false });
  }
  const { feed, item, start, minutes, busy } = (typeof read === "object" && read !== null ? read : {}) as Readonly<Record<string, unknown>>;
  const isTime = typeof start === "number" && typeof minutes === "number" && Number.isInteger(start) && Number.isInteger(minutes) && start >= 0 && minutes > 0 && start + minutes <= lastMinute;
  if (typeof feed !== "string" || typeof item !== "string" || typeof busy !== "boolean" || !isTime) throw new EngineError("ICL-120", { sent: false });
  return { feed, item, start, minutes, busy };
}
