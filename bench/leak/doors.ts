import type { ClosedList, DestinationSpec, Partner } from "../../engine/config/project.ts";
import { createBoundary, type Boundary, type Harvest, type Label } from "../../engine/phi/index.ts";
import { agreement, destination, label, partner } from "../../engine/phi/testing/given.ts";
import { type Envelope, SecretRef } from "../../engine/sdk/index.ts";
import type { Wire } from "./oracle/sink.ts";

/** A partner as the registry knows it, a destination toward it, and the label of what would leave. */
export interface Recipient {
  readonly name: string;
  readonly partner: Partner;
  readonly destination: DestinationSpec;
  readonly label: Label;
  /** May read patients' data in bodies. */
  readonly cleared: boolean;
}

/** Options name the credential, as every destination's do. */
const options = { endpoint: "api", path: "/events", auth: { basic: { user: "sluice", password: new SecretRef("env", "PARTNER_TOKEN") } } };

export const closedList = {
  event: { kind: "const", value: "visit" },
  kind: { kind: "enum", values: ["new", "follow-up", "rose", "May", "heart", "Parkinson", "cardiology"], optional: true },
  amount: { kind: "integer", minimum: 0, maximum: 999_999, optional: true },
  score: { kind: "number", minimum: 0, maximum: 100, decimals: 1, optional: true },
  urgent: { kind: "boolean", optional: true },
} as const satisfies ClosedList;

const research = agreement({ id: "DUA-1", basis: "dua", levels: ["limited"], purposes: ["HRESCH"] });
const treatment = agreement({ id: "T-1", basis: "treatment", purposes: ["TREAT"] });

/** One of each class (phi.md 1.2): none, limited data, patients. */
export const recipients: readonly Recipient[] = [
  { name: "none", partner: partner(), destination: destination({ sends: "none", only: closedList, options }), label: label("none"), cleared: false },
  { name: "limited", partner: partner({ agreements: [research] }), destination: destination({ sends: "limited", purpose: "HRESCH", options }), label: label("limited"), cleared: false },
  { name: "phi", partner: partner({ kind: "provider", agreements: [treatment] }), destination: destination({ sends: "phi", purpose: "TREAT", options }), label: label("phi"), cleared: true },
];

/** Within every agreement above. */
export const moment = Date.UTC(2026, 10, 21, 12);

/** The way out that the flow takes (`flow/leave`): permits, guard, and the copy that the guard read is what leaves. */
export class Door {
  readonly boundary: Boundary = createBoundary();
  readonly #off: boolean;
  readonly #shut: boolean;

  constructor(sabotage: string | undefined) {
    this.#off = sabotage === "guard-off";
    this.#shut = sabotage === "guard-all";
  }

  /** What left, or the code of the refusal. */
  release(to: Recipient, envelope: Envelope, harvest: Harvest, made: { readonly exempt?: readonly string[]; readonly minted?: readonly string[] } = {}): Wire | string {
    if (this.#shut) return "PHI-000";
    if (this.#off) return wireOf(envelope);
    const verdict = this.boundary.release({ envelope, harvest, label: to.label, destination: to.destination, partner: to.partner, now: moment, ...made });
    return "refusal" in verdict ? verdict.refusal.code : wireOf(verdict.released.envelope);
  }
}

/** Data alone, for a sink that knows nothing of the engine. */
export function wireOf({ path, query, headers, names, credential, body }: Envelope): Wire {
  return {
    body, ...(path === undefined ? {} : { path }), ...(query ? { query } : {}), ...(headers ? { headers } : {}), ...(names ? { names } : {}),
    ...(credential?.kind === "basic" ? { user: credential.user } : {}),
  };
}
