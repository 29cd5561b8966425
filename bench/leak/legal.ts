import { readTree } from "../../engine/codec/index.ts";
import type { ClosedList } from "../../engine/config/project.ts";
import { labelSent } from "../../engine/phi/index.ts";
import { agreement, channel, destination, mint, partner } from "../../engine/phi/testing/given.ts";
import type { Envelope } from "../../engine/sdk/index.ts";
import type { Corpora } from "./corpora.ts";
import { type Door, moment, type Recipient, recipients } from "./doors.ts";
import type { Draws } from "./draws.ts";
import { formats, messageOf } from "./messages.ts";
import { household, type Household } from "./persons.ts";

/** One message that may go: what was accepted, what would leave, and toward whom. */
export interface Legal {
  readonly id: number;
  readonly kind: string;
  readonly text: string;
  readonly left: boolean;
  readonly code?: string;
}

const [none, , phi] = recipients as [Recipient, Recipient, Recipient];
const source = channel();
const token = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const hexDigits = "0123456789abcdef";

const payment: ClosedList = {
  amount: { kind: "integer", minimum: 50, maximum: 999_999, optional: false }, currency: { kind: "const", value: "usd" }, confirm: { kind: "const", value: true },
  customer: { kind: "copy", path: "/stripe_customer", as: "stripe-customer" }, method: { kind: "copy", path: "/stripe_method", as: "stripe-payment-method" },
};
const paymentHl7: ClosedList = { ...payment, customer: { kind: "copy", path: "ZPY-1", as: "stripe-customer" }, method: { kind: "copy", path: "ZPY-2", as: "stripe-payment-method" } };

/** Codes, departments and drugs that are somebody's name too. */
const departments = ["cardiology", "HEART", "rose", "ROSE GARDEN", "may", "Summer clinic", "young", "oncology", "grace", "Hope", "Faith", "hunter", "St. Olaf", "Parkinson", "Addison", "Crohn", "Bell", "Graves", "Wilson"];
const drugs = ["aspirin", "Parkinson disease", "rosemary", "MAY APPLE", "heartburn", "nguyen", "li", "wu", "ng", "lithium", "metformin", "jose", "jane", "olympiada"];
const codes = ["718-7", "4548-4", "2345-7", "2160-0", "17861-6", "2951-2", "2823-3", "6690-2", "789-8", "33762-6", "E11.9", "I10", "J45.909", "F32.9", "G20", "K50.90", "99213", "99214", "G0438"];

const analytics: ClosedList = {
  event: { kind: "const", value: "result" }, department: { kind: "enum", values: departments, optional: false }, drug: { kind: "enum", values: drugs, optional: true },
  code: { kind: "coded", set: "codes", values: codes, optional: false }, year: { kind: "integer", minimum: 1937, maximum: 2026, optional: false },
  count: { kind: "integer", minimum: 0, maximum: 99_999, optional: false }, value: { kind: "number", minimum: 0, maximum: 999.9, decimals: 1, optional: false },
  final: { kind: "boolean", optional: true }, visit: { kind: "surrogate" },
};

/** What Safe Harbor leaves of a message, to a partner that may have that (45 CFR 164.514(b)(2)). */
const statistics = partner({ agreements: [agreement({ id: "DEID-1", basis: "deidentified", levels: ["deidentified"], purposes: ["HOPERAT"] })] });
const { only: _, ...open } = none.destination;
const lowered = destination({ ...open, sends: "deidentified", purpose: "HOPERAT", format: "hl7v2", deidentify: { method: "safe-harbor", dates: "year", ids: "surrogate" } });

/** Makes messages in fours, fives where the engine can de-identify the format: of one accepted message a payment, a count, the message itself to a clinic, and a notice of constants. */
export class Legals {
  readonly #door: Door;
  readonly #draws: Draws;
  readonly #from: Corpora;
  #id = 0;

  constructor(door: Door, draws: Draws, from: Corpora) {
    this.#door = door;
    this.#draws = draws;
    this.#from = from;
  }

  *four(): Generator<Legal & { readonly envelope?: Envelope }> {
    const draws = this.#draws;
    const format = draws.one(formats);
    const home = household(draws, this.#from);
    const [customer, method] = [`cus_${draws.text(token, 14)}`, `pm_${draws.text(token, 24)}`];
    const text = withTokens(format, messageOf(format, home, draws, this.#from), customer, method);
    const raw = readTree(format, text);
    const accepted = { ...source, source: { ...source.source, format } };
    const harvest = this.#door.boundary.harvest(raw, format);
    const made = { exempt: [`m-${draws.text(hexDigits, 32)}`], minted: ["20261121", String(1000 + this.#id)] };
    const key = { "idempotency-key": made.exempt[0] as string };

    const judge = (kind: string, to: Recipient, envelope: Envelope): Legal => {
      const left = this.#door.release(to, envelope, harvest, made);
      return { id: this.#id++, kind, text: `${kind}\n${Buffer.from(envelope.body).toString("latin1")}\n${envelope.path ?? ""}`, left: typeof left !== "string", ...(typeof left === "string" ? { code: left } : {}) };
    };
    const listed = (kind: string, only: ClosedList, result: unknown, asForm: boolean): Legal => {
      const spec = destination({ ...none.destination, only });
      const projected = this.#door.boundary.project({ channel: accepted, destination: spec, result: JSON.stringify(result), raw, mint: randomMint(draws) });
      if ("refusal" in projected) return { id: this.#id++, kind, text: JSON.stringify(result), left: false, code: `${projected.refusal.code} ${projected.refusal.rule}` };
      const body = asForm ? form(projected.content.bytes) : projected.content.bytes;
      const type = asForm ? "application/x-www-form-urlencoded" : "application/json";
      return judge(kind, { ...none, destination: spec }, { endpoint: "api", method: "POST", path: "/events", headers: { ...key, "content-type": type }, body });
    };

    // An amount like a record number, where it is as short as one.
    const amount = draws.chance(0.2) ? Number(home.mrn.slice(0, 6).replace(/^0+/, "") || 50) : 50 + draws.below(900_000);
    if (format === "hl7v2" || format === "json") yield listed("payment", format === "hl7v2" ? paymentHl7 : payment, { amount: Math.max(50, amount) }, draws.chance(0.5));
    else yield listed("payment of a token of ours", { amount: payment["amount"] as never, currency: payment["currency"] as never, customer: { kind: "surrogate" } }, { amount: Math.max(50, amount) }, draws.chance(0.5));
    yield listed("count", analytics, this.#counted(home), false);
    if (format === "hl7v2" || format === "fhir" || format === "script" || format === "x12" || format === "ical") yield this.#deidentified(format, text, accepted, raw, judge, key, randomMint(draws));
    yield judge("whole to a clinic", phi, whole(format, text, key, made.minted));
    yield listed("notice", { event: { kind: "const", value: draws.one(departments) }, of: { kind: "enum", values: departments, optional: false }, n: { kind: "integer", minimum: 0, maximum: 999_999, optional: false } }, { of: draws.one(departments), n: draws.below(999_999) }, false);
  }

  #deidentified(format: "hl7v2" | "fhir" | "script" | "x12" | "ical", text: string, accepted: typeof source, raw: ReturnType<typeof readTree>, judge: (kind: string, to: Recipient, envelope: Envelope) => Legal, headers: Record<string, string>, surrogates: typeof mint): Legal {
    const spec = { ...lowered, format };
    const safe = this.#door.boundary.deidentify({ text, format, channel: accepted, destination: spec, partner: statistics, raw, now: moment, mint: surrogates });
    const kind = `de-identified ${format}`;
    if ("refusal" in safe) return { id: this.#id++, kind, text: `${kind}\n${text}`, left: false, code: `${safe.refusal.code} ${safe.refusal.rule}` };
    const to: Recipient = { name: kind, partner: statistics, destination: spec, label: labelSent(accepted, spec), cleared: false };
    return judge(kind, to, { endpoint: "api", method: "POST", path: "/events", headers: { ...headers, "content-type": types[format] }, body: new Uint8Array(Buffer.from(safe.text)) });
  }

  #counted(home: Household): Record<string, unknown> {
    const draws = this.#draws;
    return {
      department: draws.one(departments), code: draws.one(codes), year: draws.chance(0.3) ? Math.max(1937, Number(home.patient.birth.slice(0, 4))) : 1980 + draws.below(46),
      count: draws.chance(0.2) ? Number(home.patient.zip) : draws.below(99_999), value: draws.below(9999) / 10, ...(draws.chance(0.5) ? { drug: draws.one(drugs) } : {}), ...(draws.chance(0.5) ? { final: draws.chance(0.5) } : {}),
    };
  }
}

const types = { hl7v2: "x-application/hl7-v2+er7", fhir: "application/fhir+json", json: "application/json", csv: "text/plain; charset=utf-8", xml: "text/plain; charset=utf-8", script: "text/plain; charset=utf-8", x12: "text/plain; charset=utf-8", ical: "text/plain; charset=utf-8" } as const;

function whole(format: keyof typeof types, text: string, key: Record<string, string>, minted: readonly string[]): Envelope {
  return { endpoint: "api", method: "POST", path: "/events", headers: { ...key, "content-type": types[format] }, names: { fileName: `${minted.join("-")}.txt` }, body: new Uint8Array(Buffer.from(text)) };
}

function withTokens(format: string, text: string, customer: string, method: string): string {
  if (format === "hl7v2") return `${text}ZPY|${customer}|${method}\r`;
  return format === "json" ? JSON.stringify({ ...(JSON.parse(text) as object), stripe_customer: customer, stripe_method: method }) : text;
}

function form(json: Uint8Array): Uint8Array {
  const values = Object.entries(JSON.parse(Buffer.from(json).toString("utf8")) as object).map(([key, value]): [string, string] => [key, String(value)]);
  return new Uint8Array(Buffer.from(new URLSearchParams(values).toString()));
}

/** Surrogates as the store makes them: 32 random hex digits. */
function randomMint(draws: Draws): typeof mint {
  return { ...mint, surrogate: () => draws.text(hexDigits, 32) };
}
