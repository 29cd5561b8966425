import { configurationHash } from "../../engine/phi/deidentify/configuration-hash.ts";
import { projectOf } from "./build.ts";
import type { Plan, PlannedAgreement, PlannedChannel, PlannedDestination, PlannedPartner } from "./plan.ts";
import { Seeded } from "./seeded.ts";

const dates = { effective: "2026-01-01", timezone: "America/New_York" } as const;
const purposes = ["TREAT", "HPAYMT", "HOPERAT", "HRESCH", "PUBHLTH"];

/** Destinations as people build them; each is legal by itself, and is named in what it makes. */
export const recipes = ["treat", "baa", "plan", "health", "pay", "count", "study", "listed", "research", "expert", "report", "pager"] as const;
type Recipe = (typeof recipes)[number];

interface Made {
  readonly destination: PlannedDestination;
  readonly partner: PlannedPartner;
}

/** A legal project from a seed: senders of one or two owners, channels with one to four destinations of every kind, hand-offs, answers and fallbacks. */
export function legalPlan(seed: number): Plan {
  const random = new Seeded(seed);
  const plan: Plan = { owner: "main", partners: {}, channels: [], lookups: { wards: { E: "Emergency", I: "Inpatient" } } };
  const several = random.chance(0.3);
  const count = random.int(1, 3);
  for (let i = 0; i < count; i++) addChannel(plan, random, i, several && i > 0 ? "other" : "main");
  if (random.chance(0.4)) handOn(plan, random);
  return plan;
}

function addChannel(plan: Plan, random: Seeded, i: number, owner: string): void {
  const compartments = random.some(["hiv", "behavioral", "genetic"], 0.25);
  const obligations = random.chance(0.15) ? ["encryption"] : [];
  const sender: PlannedPartner = {
    kind: "lab", owner, inbound: "allowed", mayDeidentify: true,
    ceiling: { compartments, obligations, ...(random.chance(0.3) && { purposes }) },
  };
  plan.partners[`sender-${i}`] = sender;
  const channel: PlannedChannel = { channel: `c${i}`, classification: "phi", partner: `sender-${i}`, destinations: {}, ...(random.chance(0.2) && { lookups: ["wards"] }) };
  plan.channels.push(channel);
  // Code of the channel would touch what must be the engine's own work alone.
  const all = random.chance(0.25) ? recipes.filter((recipe) => recipe !== "study" && recipe !== "research" && recipe !== "expert") : recipes;
  if (all.length < recipes.length) channel.transform = true;
  for (const recipe of random.pick(all, random.int(1, 4))) add(plan, channel, recipe, `${recipe}-${i}`, compartments, owner);
  const treat = Object.keys(channel.destinations).find((name) => name.startsWith("treat"));
  if (treat && obligations.length === 0 && random.chance(0.4)) {
    channel.respond = treat;
    sender.agreements = [agreement("ANSWERS", "treatment", ["phi"], "TREAT", { compartments, owners: [owner] })];
  }
  if (treat && random.chance(0.3)) {
    add(plan, channel, "treat", `stand-in-${i}`, compartments, owner);
    (channel.destinations[treat] as PlannedDestination).fallback = `stand-in-${i}`;
  }
}

/** The first channel hands over to one more, which sends on. */
function handOn(plan: Plan, random: Seeded): void {
  const [from] = plan.channels as [PlannedChannel];
  const { ceiling = {}, owner = plan.owner } = plan.partners[from.partner] as PlannedPartner;
  from.destinations["hand-on"] = { partner: "self", to: "taker" };
  const taker: PlannedChannel = { channel: "taker", classification: "phi", partner: "self", destinations: {} };
  plan.channels.push(taker);
  // What code of the first has touched needs a list wherever it is lowered.
  const lowered = from.transform ? "listed" : "study";
  for (const recipe of random.pick(["treat", "baa", "count", lowered] as const, random.int(1, 2))) add(plan, taker, recipe, `${recipe}-t`, ceiling.compartments ?? [], owner);
}

function add(plan: Plan, channel: PlannedChannel, recipe: Recipe, name: string, compartments: readonly string[], owner: string): void {
  const { destination, partner } = make(recipe, name, [...compartments], owner);
  plan.partners[name] = { endpoints: [{ id: "api", url: `https://${name}.example/v1` }], outbound: "allowed", ...partner };
  channel.destinations[name] = { ...destination, partner: name };
  if (recipe === "expert") examine(plan, channel, name);
}

/** The expert looks at the configuration as it stands. */
export function examine(plan: Plan, channel: PlannedChannel, name: string): void {
  const spec = projectOf(plan).channels.find((each) => each.name === channel.channel)?.destinations.find((each) => each.name === name);
  const [first] = plan.partners[name]?.agreements ?? [];
  if (spec && first?.determination) first.determination.configHash = configurationHash(spec) ?? "";
}

function agreement(id: string, basis: string, levels: PlannedAgreement["levels"], purpose: string, more: Partial<PlannedAgreement> = {}): PlannedAgreement {
  return { id, basis, levels, purposes: [purpose], ...dates, ...more };
}

const bounded = { event: { const: "seen" }, status: { enum: ["F", "P"], optional: true } };

function make(recipe: Recipe, name: string, compartments: string[], owner: string): Made {
  const covers = { compartments, owners: [owner] };
  const to = (more: Partial<PlannedDestination>): PlannedDestination => ({ partner: name, ...more });
  switch (recipe) {
    case "treat":
      return { destination: to({ purpose: "TREAT", transform: true }), partner: { kind: "provider", agreements: [agreement("TREAT", "treatment", ["phi"], "TREAT", covers)] } };
    case "baa":
      return { destination: to({ purpose: "HOPERAT" }), partner: { kind: "other", agreements: [agreement("BAA", "baa", ["limited", "phi"], "HOPERAT", covers)] } };
    case "plan":
      return { destination: to({ purpose: "HPAYMT" }), partner: { kind: "health-plan", agreements: [agreement("CLAIMS", "payment", ["phi"], "HPAYMT", covers)] } };
    case "health":
      return { destination: to({ purpose: "PUBHLTH" }), partner: { kind: "public-health", agreements: [agreement("LAW", "public-health", ["phi"], "PUBHLTH", covers)] } };
    case "pay":
      return { destination: to({ sends: "none", transform: true, only: { amount: { type: "integer", minimum: 50, maximum: 100_000 }, ward: { coded: "wards" } } }), partner: { kind: "payment", outbound: "never" } };
    case "count":
      return { destination: to({ sends: "none", only: bounded }), partner: { kind: "analytics", outbound: "never" } };
    case "study":
      return { destination: to({ sends: "deidentified", purpose: "HOPERAT", deidentify: { method: "safe-harbor" } }), partner: { kind: "analytics", outbound: "never", agreements: [agreement("TERMS", "deidentified", ["deidentified"], "HOPERAT")] } };
    case "listed":
      return { destination: to({ sends: "deidentified", purpose: "HOPERAT", transform: true, deidentify: { method: "safe-harbor", transform: true }, only: { ...bounded, patient: { surrogate: "PID-3.1" } } }), partner: { kind: "analytics", outbound: "never", agreements: [agreement("TERMS", "deidentified", ["deidentified"], "HOPERAT")] } };
    case "research":
      return { destination: to({ sends: "limited", purpose: "HRESCH", deidentify: { method: "limited-data-set" } }), partner: { kind: "other", agreements: [agreement("DUA", "dua", ["limited"], "HRESCH", covers)] } };
    case "expert":
      return {
        destination: to({ sends: "deidentified", purpose: "HRESCH", deidentify: { method: "expert", certificate: "ED", dates: "shift", ids: "pseudonym" } }),
        partner: { kind: "analytics", outbound: "never", agreements: [agreement("ED", "expert-determination", ["deidentified"], "HRESCH", { determination: { expert: "Dr. A. Statistician", configHash: "", recipients: [name] } })] },
      };
    case "report":
      return { destination: to({ purpose: "PUBHLTH" }), partner: { kind: "public-health", agreements: [agreement("MANDATE", "required-by-law", ["phi"], "PUBHLTH", covers)] } };
    case "pager":
      return { destination: to({ sends: "none", only: { event: { const: "waiting" } } }), partner: { kind: "email", outbound: "never" } };
  }
}
