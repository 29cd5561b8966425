import { readAck as readAckText, readHeader } from "../codec/ack/index.ts";
import { decode } from "../codec/bytes/index.ts";
import type { Ack, Clock, OutboundResponse, OutboundWire, Released, RequestOptions, SendContext } from "../sdk/index.ts";

interface Parts {
  /** The engine's sockets toward the pinned endpoints of one destination. */
  readonly way: {
    wire(released: Released, signal: AbortSignal): Promise<OutboundWire>;
    request(released: Released, signal: AbortSignal, options?: RequestOptions): Promise<OutboundResponse>;
  };
  readonly clock: Clock;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** The destination's door for one attempt. Acks are read by the trusted codec; what cannot be read is no ack. */
export function sendContext({ way, clock, attempt, signal }: Parts): SendContext {
  return {
    clock,
    attempt,
    signal,
    wire: (released) => way.wire(released, signal),
    request: (released, options) => way.request(released, signal, options),
    readAck: readAckBytes,
    controlId,
  };

  function readAckBytes(bytes: Uint8Array): Ack | undefined {
    const text = hl7Text(bytes);
    const ack = text === undefined ? undefined : readAckText(text);
    return ack && { code: ack.code, controlId: ack.controlId, content: { format: "hl7v2", bytes } };
  }

  function controlId(released: Released): string | undefined {
    const text = hl7Text(released.envelope.body);
    return text === undefined ? undefined : readHeader(text)?.controlId || undefined;
  }
}

function hl7Text(bytes: Uint8Array): string | undefined {
  try {
    return decode(bytes, { format: "hl7v2", charset: "utf-8" }).text;
  } catch {
    return undefined;
  }
}
