import type { Channel, Classification, DestinationSpec, Level } from "../project.ts";
import { partnerOf, self } from "../self.ts";
import { text } from "./tolerant.ts";

/** The most that comes to a channel: what its classification is read against. */
export type Ceiling = Pick<Classification, "compartments" | "owners" | "purposes" | "obligations" | "method">;

/** One channel and how its classification follows from the most that comes to it. */
export interface Classified {
  readonly channel: Channel;
  readonly classify: (ceiling: Ceiling) => Classification;
}

/**
 * Channels that others hand over to carry whatever those carry: of whom it is, what it may be used for and what is owed for it. `outside`: the ceiling of
 * what comes from the engine itself, such as the tick of a timer.
 */
export function withHandedOver(reads: readonly Classified[], outside: Ceiling): readonly Channel[] {
  const isFed = ({ source }: Channel) => source.partner === self;
  let channels = reads.map(({ channel, classify }) => (isFed(channel) ? { ...channel, classification: classify(nobodys) } : channel));
  // Each round carries one hand-off further; circles, which lint refuses, stop growing too.
  for (let round = 0; round <= reads.length; round++) {
    const next = channels.map((channel, i) => {
      if (!isFed(channel)) return channel;
      const given = channels.flatMap((giver) => giver.destinations.filter(({ partner }) => partner === partnerOf(channel.name)).map((way) => carried(giver, way)));
      const [first, ...others] = given;
      return { ...channel, classification: (reads[i] as Classified).classify(first ? others.reduce(joined, first) : outside) };
    });
    if (JSON.stringify(next.map(({ classification }) => classification)) === JSON.stringify(channels.map(({ classification }) => classification))) return next;
    channels = next;
  }
  return channels;
}

const nobodys: Ceiling = { compartments: [], owners: [], obligations: [] };

/** De-identified information is nobody's, and says how it was made so; a closed list to `none` says nothing about anybody. */
function carried({ classification }: Channel, { deidentify, only, sends }: DestinationSpec): Ceiling {
  if (only && sends === "none") return nobodys;
  if (!deidentify || deidentify.method === "limited-data-set" || !isPatients(classification.level)) return classification;
  return { ...nobodys, method: deidentify.method === "expert" ? `expert:${text(deidentify.certificate)}` : deidentify.method };
}

export function isPatients(level: Level): boolean {
  return level === "phi" || level === "limited";
}

function joined(a: Ceiling, b: Ceiling): Ceiling {
  const both = (x: readonly string[], y: readonly string[]) => [...new Set([...x, ...y])];
  const purposes = a.purposes && b.purposes ? a.purposes.filter((p) => b.purposes?.includes(p)) : (a.purposes ?? b.purposes);
  const method = a.method === b.method ? a.method : undefined;
  return {
    compartments: both(a.compartments, b.compartments), owners: both(a.owners, b.owners), obligations: both(a.obligations, b.obligations),
    ...(purposes && { purposes }), ...(method && { method }),
  };
}
