import type { Level } from "../../engine/config/project.ts";
import { legalPlan } from "./legal.ts";
import type { Plan, PlannedChannel, PlannedDestination, PlannedPartner } from "./plan.ts";
import { Seeded } from "./seeded.ts";

const levels: readonly Level[] = ["none", "deidentified", "limited", "phi"];
const compartments = ["hiv", "behavioral", "genetic", "part2", "self-pay", "psychotherapy-notes", "pan"];
const purposes = ["TREAT", "HPAYMT", "HOPERAT", "HRESCH", "PUBHLTH", "HMARKT"];
const owners = ["main", "other", "third"];
const bases = ["baa", "treatment", "payment", "public-health", "required-by-law", "dua", "expert-determination", "authorization", "individual", "deidentified", "none"];
const kinds = ["provider", "health-plan", "payment", "analytics", "email", "log-sink", "lab", "individual", "other"];

type Knob = (plan: Plan, random: Seeded) => void;

/** A project that may be legal and may not: a legal one of which up to six things are otherwise, whether or not anyone would write them. */
export function randomPlan(seed: number): Plan {
  const random = new Seeded(seed + 500_000);
  const plan = legalPlan(random.int(0, 1_000_000));
  for (let turns = random.int(0, 6); turns > 0; turns--) random.one(knobs)(plan, random);
  return plan;
}

const receiver = (plan: Plan, random: Seeded): PlannedPartner => random.one(Object.values(plan.partners));
const sender = (plan: Plan, random: Seeded): PlannedPartner => random.one(Object.values(plan.partners).filter(({ inbound }) => inbound !== undefined));
const channel = (plan: Plan, random: Seeded): PlannedChannel => random.one(plan.channels);
const destination = (plan: Plan, random: Seeded): PlannedDestination => random.one(Object.values(channel(plan, random).destinations));
const agreement = (change: (one: NonNullable<PlannedPartner["agreements"]>[number], random: Seeded) => void): Knob => (plan, random) => {
  const { agreements = [] } = receiver(plan, random);
  if (agreements.length > 0) change(random.one(agreements), random);
};

const knobs: readonly Knob[] = [
  agreement((one, random) => { one.levels = random.pick(levels, random.int(1, 3)); }),
  agreement((one, random) => { one.compartments = random.some(compartments, 0.4); }),
  agreement((one, random) => { one.purposes = random.pick(purposes, random.int(1, 3)); }),
  agreement((one, random) => { one.owners = random.pick(owners, random.int(1, 3)); }),
  agreement((one, random) => { one.basis = random.one(bases); }),
  agreement((one, random) => { one.mayAggregateOwners = random.chance(0.5); }),
  agreement((one, random) => { one.expires = random.one(["2026-01-31", "2026-11-22", "2026-12-01", "2029-01-01"]); }),
  agreement((one, random) => { one.terminated = random.one(["2026-02-01", "2027-02-01"]); }),
  (plan, random) => { receiver(plan, random).kind = random.one(kinds); },
  (plan, random) => { const one = receiver(plan, random); if (one.outbound) one.outbound = random.one(["allowed", "never"]); },
  (plan, random) => { sender(plan, random).inbound = random.one(["allowed", "never"]); },
  (plan, random) => { sender(plan, random).owner = random.one(owners); },
  (plan, random) => { sender(plan, random).mayDeidentify = random.chance(0.5); },
  (plan, random) => { sender(plan, random).ceiling = { compartments: random.some(compartments, 0.3), obligations: random.some(["part2-notice", "encryption", "no-redisclosure"], 0.2), ...(random.chance(0.3) && { purposes: random.pick(purposes, 3) }), ...(random.chance(0.2) && { level: random.one(levels) }) }; },
  (plan, random) => { receiver(plan, random).reply = { level: random.one(levels), compartments: random.some(compartments, 0.2) }; },
  (plan, random) => { receiver(plan, random).endpoints = [{ id: "api", url: random.one(["https://a.example", "http://a.example"]) }]; },
  (plan, random) => { channel(plan, random).classification = random.chance(0.5) ? random.one(levels) : { level: random.one(levels), compartments: random.some(compartments, 0.3), ...(random.chance(0.3) && { purposes: random.pick(purposes, 2) }) }; },
  (plan, random) => { channel(plan, random).transform = random.chance(0.5); },
  (plan, random) => { const one = channel(plan, random); if (one.partner !== "self") one.respond = random.one(Object.keys(one.destinations)); },
  (plan, random) => { const one = channel(plan, random); const names = Object.keys(one.destinations); const from = random.one(names); const to = random.one(names); if (from !== to) (one.destinations[from] as PlannedDestination).fallback = to; },
  (plan, random) => { destination(plan, random).sends = random.one(levels); },
  (plan, random) => { const one = destination(plan, random); if (random.chance(0.2)) delete one.purpose; else one.purpose = random.one(purposes); },
  (plan, random) => { const one = destination(plan, random); one.sends ??= "phi"; if (random.chance(0.5)) delete one.deidentify; else one.deidentify = { method: random.one(["safe-harbor", "limited-data-set"]), ...(random.chance(0.3) && { dates: "keep" }) }; },
  (plan, random) => { const one = destination(plan, random); one.sends ??= "phi"; if (random.chance(0.5)) delete one.only; else one.only = { event: { const: "seen" } }; },
  (plan, random) => { const one = destination(plan, random); one.partner = random.one(Object.entries(plan.partners).filter(([, { outbound }]) => outbound)) [0]; delete one.to; },
  (plan, random) => { const taker = plan.channels.find(({ partner }) => partner === "self"); const from = channel(plan, random); if (taker && from !== taker) from.destinations["hand-on"] = { partner: "self", to: taker.channel, ...(random.chance(0.2) && { sends: random.one(levels) }) }; },
];
