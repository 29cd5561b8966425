import { readTree } from "../codec/index.ts";
import type { DestinationSpec, Partner } from "../config/project.ts";
import type { Boundary, Label } from "../phi/index.ts";
import type { DestinationWay, ClientProof } from "../runtime/net/outbound.ts";
import { EngineError, type Envelope, type OutboundResponse } from "../sdk/index.ts";

export interface QuestionPorts {
  readonly boundary: Boundary;
  /** Partners as of now. */
  readonly partner: (name: string) => Partner | undefined;
  readonly way: Pick<DestinationWay, "askForToken">;
  /** The time by which agreements are judged. */
  readonly now: () => number;
}

export interface Question {
  readonly partner: string;
  readonly envelope: Envelope;
  /** Values of the configuration that stand in the envelope. */
  readonly words: readonly string[];
  /** Joins after release. */
  readonly proof: ClientProof;
}

/** Nothing about anybody. */
const nothing: Label = { level: "none", compartments: [], owners: [], obligations: [] };

const noMessage = readTree("json", "{}");

/** The whole of a token exchange is short. */
const timeoutMs = 15_000;

/** A question of the engine's own to an identity provider, released by the guard like all that leaves. Rejects with `IDN-105` or `NET-*`. */
export async function ask({ partner, envelope, words, proof }: Question, { boundary, way, now, ...ports }: QuestionPorts, signal: AbortSignal): Promise<OutboundResponse> {
  const known = ports.partner(partner);
  if (!known) throw new EngineError("NET-202", { partner, sent: false });
  const verdict = boundary.release({
    envelope,
    harvest: boundary.harvest(noMessage, "json"),
    label: nothing,
    destination: toward(partner),
    partner: known,
    partnerNow: () => ports.partner(partner),
    now: now(),
    exempt: words,
  });
  if ("refusal" in verdict) throw new EngineError("IDN-105", { partner, sent: false, because: verdict.refusal.code });
  return way.askForToken(verdict.released, proof, signal, { timeoutMs });
}

function toward(partner: string): DestinationSpec {
  return { name: "identity", partner, sends: "none", connector: "http", options: {}, format: "text", retry: { attempts: 1, initialMs: 0, maxMs: 0, maxAgeMs: 0 } };
}
