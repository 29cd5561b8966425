import type { Agreement, Channel, DestinationSpec, Partner, Project } from "../config/project.ts";
import { channelOf, isSelf } from "../config/self.ts";
import { egressMap } from "../phi/index.ts";
import { listed, spokenDuration, spokenRate } from "./spoken.ts";

/** What a channel does, in sentences: for people who do not read YAML. */
export interface ChannelWords {
  readonly source: readonly string[];
  readonly destinations: Readonly<Record<string, readonly string[]>>;
}

export function channelWords(channel: Channel, project: Project, now: number): ChannelWords {
  const ways = egressMap(project, now).destinations.filter((way) => way.channel === channel.name);
  return {
    source: sourceWords(channel, project.partners.get(channel.source.partner)),
    destinations: Object.fromEntries(
      channel.destinations.map((spec) => {
        const way = ways.find(({ destination }) => destination === spec.name);
        const partner = project.partners.get(spec.partner);
        const agreement = partner?.agreements.find(({ id }) => id === way?.agreement);
        return [spec.name, [sends(spec, way?.labelOut.level ?? spec.sends, partner, agreement, way?.capacityBits), ...delivery(channel, spec), ...answers(spec), ...(spec.unknown ? [unknownWords(spec.unknown)] : []), ...(spec.alert ? [alertWords(spec.alert)] : [])]];
      }),
    ),
  };
}

function sourceWords({ source, classification, order, filter, transform, case: about }: Channel, partner: Partner | undefined): string[] {
  const types = source.types.length > 0 ? source.types : (partner?.links.inbound?.allow ?? []);
  const limit = source.limit ?? partner?.links.inbound?.limit;
  const compartments = classification.compartments.length > 0 ? ` with ${listed(classification.compartments)}` : "";
  return [
    isSelf(source.partner)
      ? `takes what the engine itself brings as ${source.format}: ${source.connector}`
      : `takes ${types.includes("*") ? "any message" : listed(types)} from ${source.partner} as ${source.format}, over ${source.connector}${limit ? `, at most ${spokenRate(limit)}` : ""}`,
    `its messages may carry ${classification.level}${compartments}`,
    ...(source.split === undefined ? [] : [cutWords[source.split]]),
    ...(source.attachments ? [`takes values larger than ${source.attachments.overBytes} bytes at ${listed(source.attachments.paths)} out of the message, and puts them back when it is sent`] : []),
    ...(filter ? ["a filter decides which go on"] : []),
    ...(transform ? ["a transform of the channel changes them before any destination"] : []),
    acknowledged(source),
    order ? `messages with the same ${order.by} keep their order; up to ${order.parallel} keys are under way at once` : "every destination gets all messages in the order they were received",
    ...(about ? caseWords(about) : []),
  ];
}

function caseWords({ kind, key, opens, stamp, stale, owner, unmatched, analytes, due }: NonNullable<Channel["case"]>): string[] {
  const waits = unmatched?.do === "deliver" ? "goes on and stands on a work list" : `is held for ${unmatched?.owner ?? owner}${unmatched?.forMs === undefined ? "" : `, at most ${spokenDuration(unmatched.forMs)}`}`;
  return [
    `each message is about a case of kind ${kind}, named by ${key.join(" or ")}${opens ? "" : `; one whose case is not known ${waits}`}`,
    ...(stamp === undefined ? [] : [`what is older by ${stamp} than what is known of its case is ${stale === "hold" ? `held for ${owner}` : "filtered"}`]),
    ...(analytes ? [`a code that the table ${analytes.table} does not have ${analytes.do === "hold" ? "is held" : "goes on and stands on a work list"}, a unit that it does not have for a code is held, for ${analytes.owner}`] : []),
    ...(due ? [`a case that has not moved for ${spokenDuration(due.inMs)} stands on the work list ${due.list} of ${due.owner}`] : []),
  ];
}

function alertWords({ withinMs, escalate, owner }: NonNullable<DestinationSpec["alert"]>): string {
  const next = escalate.length === 0 ? "it is told again" : `${listed(escalate)} ${escalate.length === 1 ? "is" : "are"} told next`;
  return `takes critical results alone, for ${owner}; while nobody has acknowledged, ${next} every ${spokenDuration(withinMs)}`;
}

function unknownWords({ do: how, attempts, absent, owner }: NonNullable<DestinationSpec["unknown"]>): string {
  const asked = how === "hold" ? "" : `the partner is asked up to ${attempts} times${absent === "resend" ? ", and what it has nothing of is sent again" : ""}; then `;
  return `what may have arrived is never sent again blindly: ${asked}${owner} decides, and what follows it in its order waits`;
}

const cutWords = {
  batch: "cuts a batch into its messages",
  records: "makes one message of each record",
  interchange: "makes one message of each interchange",
  group: "makes one message of each functional group",
  transaction: "makes one message of each transaction set",
  claim: "makes one message of each claim",
} as const;

function acknowledged({ ack, withinMs, respond }: Channel["source"]): string {
  if (respond) return `the sender gets what ${respond.from} answers, within ${spokenDuration(respond.withinMs)}`;
  if (ack === "stored") return "the sender is answered once the message is on disk";
  const within = withinMs === undefined ? "" : `, within ${spokenDuration(withinMs)}`;
  return ack === "processed" ? `the sender is answered once filters, transforms and the boundary have passed it${within}` : `the sender is answered once every destination has it${within}`;
}

function sends(spec: DestinationSpec, level: string, partner: Partner | undefined, agreement: Agreement | undefined, bits: number | undefined): string {
  const fields = spec.only ? ` only the fields ${listed(Object.keys(spec.only))}` : "";
  const room = bits === undefined ? "" : `, which leaves its code ${bits} bits a message`;
  const channel = channelOf(spec.partner);
  if (channel !== undefined) return `hands over to the channel ${channel}, up to what that may carry (${level})${fields}: nothing leaves the engine`;
  if (level === "none") return `sends${fields || " nothing about a person"}${room}: nothing about a person, so no agreement is needed`;
  const purpose = spec.purpose === undefined ? "" : ` for ${spec.purpose}`;
  if (!agreement) return `would send ${level}${purpose} to ${partner?.name ?? spec.partner}, and no agreement in force covers that: nothing leaves`;
  const until = [agreement.expires, agreement.terminated].filter((day) => day !== undefined).toSorted()[0];
  return `may send ${level}${purpose}${fields}, under ${agreement.id} (${agreement.basis}), in force since ${agreement.effective}${until ? ` until ${until}` : ""}`;
}

function delivery({ destinations }: Channel, { retry, queue, window, batch, fallback, name, filter, transform, deidentify }: DestinationSpec): string[] {
  const steps = [filter && "filter", transform && !transform.map && "transform"].filter((step) => typeof step === "string");
  const takesOver = destinations.filter((other) => other.fallback === name).map((other) => other.name);
  const pauses = `first after ${spokenDuration(retry.initialMs)}, then twice as long each time up to ${spokenDuration(retry.maxMs)}`;
  const ends = [
    ...(retry.attempts === 0 ? [] : [`after ${retry.attempts} attempts`]),
    ...(retry.maxAgeMs === 0 ? [] : [`${spokenDuration(retry.maxAgeMs)} after it was received`]),
  ];
  const again = queue === "none" ? "one attempt: what fails is a dead letter" : `what fails is tried again, ${pauses}, ${ends.length > 0 ? `and is a dead letter ${ends.join(" or ")}` : "without end"}; those behind it wait`;
  return [
    ...(steps.length > 0 ? [`has a ${steps.join(" and a ")} of its own`] : []),
    ...(transform?.map ? [`is mapped by ${transform.map.name}`] : []),
    ...(deidentify ? [loweredBy(deidentify)] : []),
    ...(takesOver.length > 0 ? [`takes what is dead or rejected at ${listed(takesOver)}, and nothing else`] : []),
    again,
    ...(queue === "on-failure" ? ["the sender's answer waits for the first attempt"] : []),
    ...(window ? [`sends on ${listed(window.days)} from ${window.from} to ${window.to} (${window.timezone}) alone`] : []),
    ...(batch ? [`up to ${batch.max} messages go as one, after ${spokenDuration(batch.withinMs)} at the latest`] : []),
    ...(fallback ? [`what is dead or rejected goes to ${fallback}`] : []),
  ];
}

const methods = { "safe-harbor": "Safe Harbor", "limited-data-set": "a limited data set", expert: "an expert's determination", aggregate: "counts" } as const;
const datesSaid = { year: "years", shift: "moved", keep: "as they are" } as const;
const idsSaid = { remove: "removed", surrogate: "random tokens", pseudonym: "pseudonyms" } as const;

function loweredBy({ method, certificate, dates, ids, transform }: NonNullable<DestinationSpec["deidentify"]>): string {
  const rests = certificate === undefined ? "" : ` (${certificate})`;
  const after = transform ? ", then has a transform that never sees the original" : "";
  return `de-identifies to ${methods[method]}${rests}, dates ${datesSaid[dates]}, ids ${idsSaid[ids]}${after}`;
}

function answers({ accept, answers = {}, response }: DestinationSpec): string[] {
  const own = Object.entries(answers).map(([code, outcome]) => `${code} comes to ${outcome}`);
  return [
    ...(accept ? [`${listed(accept)} ${accept.length === 1 ? "counts" : "count"} as delivered`] : []),
    ...(own.length > 0 ? [listed(own)] : []),
    ...(response ? [`the answer is read as ${response.format}${response.transform ? " and transformed" : ""}`] : []),
  ];
}
