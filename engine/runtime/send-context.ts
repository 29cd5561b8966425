import { readAck as readAckText, readHeader } from "../codec/ack/index.ts";
import { decode, headerView } from "../codec/bytes/index.ts";
import { detectFormat, parseScript } from "../codec/index.ts";
import { readScriptAck } from "../codec/script/index.ts";
import { releasedBody } from "../phi/index.ts";
import type { Ack, Clock, DestinationFiles, OpenedStream, Outcome, OutboundResponse, OutboundWire, Receipt, Released, RequestOptions, SendContext, SendStream } from "../sdk/index.ts";

interface Parts {
  /** The engine's sockets toward the pinned endpoints of one destination. */
  readonly way: {
    wire(released: Released, signal: AbortSignal): Promise<OutboundWire>;
    request(released: Released, signal: AbortSignal, options?: RequestOptions): Promise<OutboundResponse>;
    stream(released: Released, kept: OpenedStream | undefined, signal: AbortSignal): Promise<SendStream>;
  };
  readonly sqlite: SendContext["sqlite"];
  readonly putRow: SendContext["putRow"];
  readonly files: DestinationFiles;
  readonly handOff: (released: Released) => Promise<Receipt>;
  readonly publish: (released: Released) => void;
  readonly clock: Clock;
  /** What the flow makes of an acknowledgement from this destination. */
  readonly judge: (ack: Ack) => Outcome | undefined;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** The destination's door for one attempt. Acks are read by the trusted codec; what cannot be read is no ack. */
export function sendContext({ way, files, sqlite, putRow, handOff, publish, clock, judge, attempt, signal }: Parts): SendContext {
  return {
    clock,
    attempt,
    signal,
    wire: (released) => way.wire(released, signal),
    request: (released, options) => way.request(released, signal, options),
    stream: (released, kept) => way.stream(released, kept, signal),
    sqlite,
    putRow,
    files,
    handOff,
    publish: async (released) => publish(released),
    readAck: readAckBytes,
    judge,
    controlId,
  };

  function readAckBytes(bytes: Uint8Array): Ack | undefined {
    const text = headerView(bytes);
    const ack = text === undefined ? undefined : readAckText(text);
    if (ack === undefined) return scriptAck(bytes);
    const { code, controlId, condition } = ack;
    return { code, controlId, ...(condition === undefined ? {} : { condition }), content: { format: "hl7v2", bytes } };
  }

  function controlId(released: Released): string | undefined {
    const text = headerView(releasedBody(released));
    const id = text?.startsWith("FHS") ? batchId(text) : text === undefined ? undefined : readHeader(text)?.controlId;
    return id || scriptId(releasedBody(released));
  }
}

/**
 * Status, Verify and Error of SCRIPT in the codes that the flow judges by: taken; not now (600 communication, 602 the receiver's system); rejected (601 the
 * receiver cannot process it, 900).
 */
function scriptAck(bytes: Uint8Array): Ack | undefined {
  const text = scriptText(bytes);
  const ack = text === undefined ? undefined : readScriptAck(text);
  if (ack === undefined) return undefined;
  const content = { format: "script", bytes } as const;
  if (ack.kind !== "Error") return { code: "AA", controlId: ack.relatesTo, content };
  const isLater = ack.code === "600" || ack.code === "602";
  return { code: isLater ? "AE" : "AR", controlId: ack.relatesTo, ...(isLater && { condition: "207" }), content };
}

function scriptId(bytes: Uint8Array): string | undefined {
  const text = scriptText(bytes);
  if (text === undefined) return undefined;
  try {
    return parseScript(text).controlId || undefined;
  } catch {
    return undefined;
  }
}

function scriptText(bytes: Uint8Array): string | undefined {
  try {
    const { text } = decode(bytes, { format: "script" });
    return detectFormat(text) === "script" ? text : undefined;
  } catch {
    return undefined;
  }
}

/** FHS-11: what an acknowledgement of a whole batch refers to (chapter 2.10.3). The separator is FHS-1. */
function batchId(text: string): string | undefined {
  return text.split(/[\r\n]/, 1)[0]?.split(text.charAt(3))[10];
}
