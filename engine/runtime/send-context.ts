import { readAck as readAckText, readHeader } from "../codec/ack/index.ts";
import { headerView } from "../codec/bytes/index.ts";
import { releasedBody } from "../phi/index.ts";
import type { Ack, Clock, DestinationFiles, Outcome, OutboundResponse, OutboundWire, Receipt, Released, RequestOptions, SendContext } from "../sdk/index.ts";

interface Parts {
  /** The engine's sockets toward the pinned endpoints of one destination. */
  readonly way: {
    wire(released: Released, signal: AbortSignal): Promise<OutboundWire>;
    request(released: Released, signal: AbortSignal, options?: RequestOptions): Promise<OutboundResponse>;
  };
  readonly files: DestinationFiles;
  readonly handOff: (released: Released) => Promise<Receipt>;
  readonly clock: Clock;
  /** What the flow makes of an acknowledgement from this destination. */
  readonly judge: (ack: Ack) => Outcome | undefined;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** The destination's door for one attempt. Acks are read by the trusted codec; what cannot be read is no ack. */
export function sendContext({ way, files, handOff, clock, judge, attempt, signal }: Parts): SendContext {
  return {
    clock,
    attempt,
    signal,
    wire: (released) => way.wire(released, signal),
    request: (released, options) => way.request(released, signal, options),
    files,
    handOff,
    readAck: readAckBytes,
    judge,
    controlId,
  };

  function readAckBytes(bytes: Uint8Array): Ack | undefined {
    const text = headerView(bytes);
    const ack = text === undefined ? undefined : readAckText(text);
    if (ack === undefined) return undefined;
    const { code, controlId, condition } = ack;
    return { code, controlId, ...(condition === undefined ? {} : { condition }), content: { format: "hl7v2", bytes } };
  }

  function controlId(released: Released): string | undefined {
    const text = headerView(releasedBody(released));
    if (text === undefined) return undefined;
    return (text.startsWith("FHS") ? batchId(text) : readHeader(text)?.controlId) || undefined;
  }
}

/** FHS-11: what an acknowledgement of a whole batch refers to (chapter 2.10.3). The separator is FHS-1. */
function batchId(text: string): string | undefined {
  return text.split(/[\r\n]/, 1)[0]?.split(text.charAt(3))[10];
}
