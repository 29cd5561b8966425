import type { Plan, PlannedChannel, PlannedDestination, PlannedPartner } from "./plan.ts";
import type { Seeded } from "./seeded.ts";

/** One mistake in a legal project: which rule speaks of it, and where. */
export interface Mutation {
  readonly code: string;
  readonly name: string;
  /** Makes the mistake and says the place that lint must point to, `file/path` of keys; `undefined` where this project has nothing to make it with. */
  readonly make: (plan: Plan, random: Seeded) => string | undefined;
  /** Only a file can show it: what is not written has no value. */
  readonly inFilesOnly?: true;
}

interface Way {
  readonly channel: PlannedChannel;
  readonly name: string;
  readonly destination: PlannedDestination;
  readonly partner: PlannedPartner;
  at(...keys: string[]): string;
}

function way(plan: Plan, random: Seeded, ...recipes: string[]): Way | undefined {
  const found = plan.channels.flatMap((channel) =>
    Object.entries(channel.destinations).flatMap(([name, destination]) => {
      const partner = plan.partners[destination.partner];
      const fits = partner && (recipes.length === 0 || recipes.includes(name.replace(/-[^-]*$/, "")));
      return fits ? [{ channel, name, destination, partner, at: (...keys: string[]) => [`channels/${channel.channel}.yaml`, "destinations", name, ...keys].join("/") }] : [];
    }));
  return found.length > 0 ? random.one(found) : undefined;
}

/** A mistake at one destination of these kinds. */
const at = (code: string, name: string, recipes: readonly string[], change: (one: Way, plan: Plan) => string | undefined): Mutation => ({
  code, name, make: (plan, random) => {
    const one = way(plan, random, ...recipes);
    return one && change(one, plan);
  },
});

const phi = ["treat", "baa", "plan", "health", "report"];
const first = (partner: PlannedPartner) => partner.agreements?.[0] as NonNullable<PlannedPartner["agreements"]>[number];

export const mutations: readonly Mutation[] = [
  { code: "PHI-101", name: "a channel declares less than its sender may send", make: (plan, random) => {
    const channel = random.one(plan.channels.filter(({ partner }) => partner !== "self"));
    // What is lower needs other agreements for some, so the destinations are those that ask for none.
    channel.classification = { level: "limited", compartments: plan.partners[channel.partner]?.ceiling?.compartments ?? [] };
    const others = Object.keys(channel.destinations).some((name) => !/^(?:pay|count|pager|treat|baa|plan|health|report|study|stand-in|research|hand-on|listed|expert)-/.test(name));
    const limits = Object.values(channel.destinations).some(({ deidentify }) => deidentify?.method === "limited-data-set");
    return others || limits ? undefined : `channels/${channel.channel}.yaml/classification`;
  } },
  { code: "PHI-101", name: "a channel names a compartment beyond its sender's ceiling", make: (plan, random) => {
    const channel = random.one(plan.channels.filter(({ partner }) => partner !== "self"));
    const { ceiling } = plan.partners[channel.partner] as PlannedPartner;
    const known = [...(ceiling?.compartments ?? [])];
    if (known.length === 0) return undefined;
    // The destinations are cleared for it; the sender's entry is not.
    (plan.partners[channel.partner] as PlannedPartner).ceiling = { ...ceiling, compartments: known.slice(1) };
    channel.classification = { level: "phi", compartments: known };
    return `channels/${channel.channel}.yaml/classification`;
  } },
  { ...at("PHI-101", "a closed list without sends", ["pay", "count", "pager"], ({ destination, at: place }) => { delete destination.sends; return place(); }), inFilesOnly: true },
  at("PHI-103", "no agreement", phi, ({ partner, at: place }) => { delete partner.agreements; return place("partner"); }),
  at("PHI-103", "an agreement of too low a level", phi, ({ partner, at: place }) => { first(partner).levels = ["deidentified"]; return place("partner"); }),
  at("PHI-103", "a purpose that nobody granted", ["treat", "baa", "plan"], ({ destination, channel, name, at: place }) => {
    if (channel.respond === name) return undefined;
    destination.purpose = "HMARKT";
    return place("purpose");
  }),
  at("PHI-103", "an agreement with another owner", phi, ({ partner, at: place }) => { first(partner).owners = ["somebody"]; return place("partner"); }),
  at("PHI-103", "a lower class without a step", ["study", "research"], ({ destination, at: place }) => { delete destination.deidentify; return place("sends"); }),
  at("PHI-103", "a method that makes more than is sent", ["study"], ({ destination, at: place }) => { destination.deidentify = { method: "limited-data-set" }; return place("sends"); }),
  at("PHI-104", "no closed list", ["pay", "count"], ({ destination, at: place }) => { delete destination.only; return place("sends"); }),
  at("PHI-104", "code on the way of a bare de-identification", ["study", "research"], ({ destination, at: place }) => { destination.transform = true; return place("sends"); }),
  at("PHI-104", "code before a hand-off to a bare de-identification", ["study"], ({ channel, at: place }, plan) => {
    const on = channel.partner === "self" ? plan.channels[0]?.destinations["hand-on"] : undefined;
    if (!on) return undefined;
    on.transform = true;
    return place("sends");
  }),
  at("PHI-105", "bounds in the wrong order", ["pay"], ({ destination, at: place }) => { (destination.only ?? {}).amount = { type: "integer", minimum: 9, maximum: 1 }; return place("only", "amount"); }),
  at("PHI-106", "more room than an identifier needs", ["pay"], ({ destination, at: place }) => { (destination.only ?? {}).amount = { type: "integer", minimum: 0, maximum: 2 ** 42 }; return place("only"); }),
  at("PHI-107", "a template in a path", ["treat", "baa", "count", "pay", "study"], ({ destination, at: place }) => { destination.path = "/patients/{{PID-3.1}}"; return place("http", "path"); }),
  at("PHI-108", "a template in an address", ["treat", "baa", "count", "pay", "study"], ({ name, partner }) => {
    partner.endpoints = [{ id: "api", url: `https://${name}.example/{{PID-3.4}}` }];
    return `partners.yaml/partners/${name}/endpoints/0/url`;
  }),
  at("PHI-109", "an agreement that has ended", [...phi, "study", "research", "expert"], ({ partner, at: place }) => { first(partner).expires = "2026-03-31"; return place("partner"); }),
  at("PHI-109", "an agreement that was terminated", [...phi, "listed"], ({ partner, at: place }) => { first(partner).terminated = "2026-03-31"; return place("partner"); }),
  at("PHI-109", "an agreement that has not begun", phi, ({ partner, at: place }) => { first(partner).effective = "2027-01-01"; return place("partner"); }),
  at("PHI-110", "a table of persons", ["pay"], ({ channel, at: place }, plan) => {
    plan.lookups.wards = { E: "Emergency", X: "219-09-9999" };
    // Named by the code of another channel too, it would be said there as well.
    if (plan.channels.some((each) => each.lookups?.includes("wards")) || plan.channels.some((each) => each !== channel && Object.values(each.destinations).some(({ only }) => only?.ward))) return undefined;
    return place("only", "ward", "coded");
  }),
  at("PHI-111", "a copy past de-identification", ["listed"], ({ destination, at: place }) => { (destination.only ?? {}).visit = { copy: "PV1-19.1", as: "uuid" }; return place("only", "visit"); }),
  at("PHI-112", "a sender that does not let us", ["study", "listed", "research"], ({ channel, at: place }, plan) => {
    const sender = plan.partners[channel.partner];
    if (!sender) return undefined;
    sender.mayDeidentify = false;
    return place("deidentify");
  }),
  at("PHI-113", "another configuration than was examined", ["expert"], ({ destination, at: place }) => {
    destination.deidentify = { ...destination.deidentify, dates: "keep" } as NonNullable<PlannedDestination["deidentify"]>;
    return place("deidentify", "certificate");
  }),
  at("PHI-113", "another recipient than was named", ["expert"], ({ partner, at: place }) => {
    const { determination } = first(partner);
    if (determination) determination.recipients = ["somebody"];
    return place("partner");
  }),
  at("PHI-113", "a certificate of another basis", ["expert"], ({ destination, partner, at: place }) => {
    const { determination: _, ...terms } = first(partner);
    partner.agreements = [...(partner.agreements ?? []), { ...terms, id: "TERMS", basis: "deidentified" }];
    destination.deidentify = { ...destination.deidentify, method: "expert", certificate: "TERMS" };
    return place("deidentify", "certificate");
  }),
  { code: "PHI-114", name: "two owners at one endpoint", make: (plan) => {
    const baa = plan.channels.flatMap((channel) => Object.entries(channel.destinations).map(([name, destination]) => ({ channel, name, destination }))).find(({ name, channel }) => name.startsWith("baa") && channel.partner !== "self");
    const receiver = baa && plan.partners[baa.name];
    const sender = baa && plan.partners[baa.channel.partner];
    if (!baa || !receiver || !sender) return undefined;
    const { ceiling = {}, owner = plan.owner } = sender;
    plan.partners["sender-z"] = { kind: "lab", owner: "third", inbound: "allowed", mayDeidentify: false, ceiling: { ...ceiling } };
    receiver.agreements = [...(receiver.agreements ?? []), { ...first(receiver), id: "BAA-Z", owners: ["third"] }];
    plan.channels.push({ channel: "zz", classification: "phi", partner: "sender-z", destinations: { more: { partner: baa.name, purpose: "HOPERAT" } } });
    return owner === "third" ? undefined : "channels/zz.yaml/destinations/more/partner";
  } },
  at("PHI-115", "a compartment that nobody granted", phi, ({ partner, channel, at: place }, plan) => {
    const ceiling = plan.partners[channel.partner]?.ceiling;
    if (!ceiling?.compartments?.length) return undefined;
    first(partner).compartments = ceiling.compartments.slice(1);
    return place("partner");
  }),
  at("PHI-116", "what was paid for oneself to the plan", ["plan"], ({ channel, at: place }, plan) => {
    const sender = plan.partners[channel.partner];
    if (!sender || channel.respond !== undefined || Object.values(channel.destinations).some(({ to }) => to !== undefined)) return undefined;
    sender.ceiling = { ...sender.ceiling, compartments: [...(sender.ceiling?.compartments ?? []), "self-pay"] };
    for (const { partner } of Object.values(channel.destinations)) for (const each of plan.partners[partner]?.agreements ?? []) if (each.compartments) each.compartments = [...each.compartments, "self-pay"];
    return Object.keys(channel.destinations).filter((name) => name.startsWith("plan")).length === 1 ? place("partner") : undefined;
  }),
  at("PHI-117", "patients' data to a mail box", ["baa"], ({ partner, at: place }) => { partner.kind = "email"; return place("partner"); }),
  { code: "PHI-118", name: "an answer nobody is cleared for", make: (plan) => {
    const channel = plan.channels.find(({ respond }) => respond !== undefined);
    if (!channel) return undefined;
    delete (plan.partners[channel.partner] as PlannedPartner).agreements;
    return `channels/${channel.channel}.yaml/source/respond/from`;
  } },
  { code: "PHI-118", name: "an answer that holds more than was sent", make: (plan) => {
    const channel = plan.channels.find(({ respond }) => respond !== undefined);
    const answers = channel?.respond === undefined ? undefined : plan.partners[channel.respond];
    if (!channel || !answers) return undefined;
    answers.reply = { level: "phi", compartments: ["violence"] };
    return `channels/${channel.channel}.yaml/source/respond/from`;
  } },
  at("PHI-119", "an emergency that cannot be", ["pay", "count"], ({ name, partner }) => { partner.breakGlass = true; return `partners.yaml/partners/${name}/breakGlass`; }),
  at("PHI-122", "a link that never carries it", phi, ({ partner, at: place }) => { partner.outbound = "never"; return place("partner"); }),
  at("PHI-124", "dates that are not Safe Harbor", ["listed", "study"], ({ destination, at: place }) => {
    destination.deidentify = { ...destination.deidentify, method: "safe-harbor", dates: "keep" };
    return place("deidentify", "dates");
  }),
];
