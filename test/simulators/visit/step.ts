import type { Arrival } from "../arrivals.ts";
import type { Example } from "../example.ts";
import type { PartnerName, Simulators } from "../simulators.ts";

/** The eight systems of a telemedicine platform, in the order in which a visit meets them. */
export const systems = ["scheduling", "identity", "ehr", "pharmacy", "labs", "payments", "billing", "analytics"] as const;
export type System = (typeof systems)[number];

/**
 * What became of what was sent, as the partner saw it. `delivered`: it arrived and was taken. `refused`: the engine let nothing through, because
 * no rule allows it; `filtered`: nothing either, because the channel is not about it. `dead`: the partner itself said no, or nothing could be made for it.
 */
export type Fate = "delivered" | "refused" | "filtered" | "dead";

/** One system's part of the visit. A system joins with a file of its own in this folder and its line in `steps.ts`. */
export interface SystemStep {
  readonly system: System;
  /** What the patient or the staff does there: `order, result`. */
  readonly does: string;
  readonly attempts: readonly Attempt[];
}

/** One thing that somebody sends, and what has to become of it. */
export interface Attempt {
  /** Who sends, by the name in `partners.yaml`. */
  readonly from: string;
  readonly what: string;
  /** Sends it as the partner would; gives what the sender was answered. */
  send(visit: Visit): Promise<string>;
  /** What the sender has to be answered. */
  readonly answered: RegExp;
  readonly ends: readonly End[];
}

export interface End {
  /** The simulator that receives, or does not. */
  readonly at: PartnerName;
  /** Its name in `partners.yaml`. */
  readonly partner: string;
  /** `channel/destination`; absent where the engine says no at the door and nothing has a lane. */
  readonly lane?: string;
  readonly fate: Fate;
  /** What crosses, or why nothing does, in words. */
  readonly words: string;
  /** Which arrivals are of this attempt, where the partner has others too. */
  readonly is?: (arrival: Arrival) => boolean;
  /** How much the partner has taken so far, where it may say no to what arrives. */
  readonly taken?: (peers: Simulators) => number;
}

export interface Visit extends Pick<Example, "root" | "at" | "peers" | "secret"> {
  /** A file of the example's `fixtures/`. */
  fixture(name: string): string;
  /** POSTs to the engine at the port that the example names; gives `202 …`: status and text of the answer. */
  post(port: number, path: string, body: string, headers: Readonly<Record<string, string>>): Promise<string>;
  /** Sends one HL7 v2 message by MLLP; gives MSA-1 of its answer. */
  mllp(port: number, message: string): Promise<string>;
}

export const fhirJson = { "content-type": "application/fhir+json" };
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
