import { describe, expect, test } from "vitest";
import type { Channel, DestinationSpec, Partner, Project } from "../../engine/config/project.ts";
import { channelOf, isSelf } from "../../engine/config/self.ts";
import { createBoundary, labelOfReply, labelSent } from "../../engine/phi/index.ts";
import type { Label } from "../../engine/phi/boundary.ts";
import { isWithin } from "../../engine/phi/lattice.ts";
import { projectOf } from "./build.ts";
import { errorsInFiles, errorsOf, now } from "./lint.ts";
import { filesOf } from "./files.ts";
import { randomPlan } from "./random.ts";
import { Seeded } from "./seeded.ts";

const graphs = 10_000;
/** Rules about the label of a way out; the others are about what else is written. */
const aboutLabels = new Set(["PHI-103", "PHI-109", "PHI-115", "PHI-116", "PHI-118", "PHI-122"]);
const boundary = createBoundary();

interface Asked {
  readonly what: "destination" | "fallback" | "hand-off" | "answer";
  readonly at: string;
  readonly denied: string | undefined;
}

/** Labels of messages of the declared class: what a labeller finds in one is the ceiling, or less. */
function carriedBy({ classification }: Channel, random: Seeded): readonly Label[] {
  const { compartments, obligations } = classification;
  return [classification, { ...classification, compartments: random.some(compartments, 0.5), obligations: random.some(obligations, 0.5) }];
}

/** Everything that the engine would ask the flow rule of this project at run time. */
function asked(project: Project, random: Seeded): readonly Asked[] {
  return project.channels.flatMap((channel) => {
    const carried = carriedBy(channel, random);
    const file = `channels/${channel.name}.yaml`;
    const fallbacks = new Set(channel.destinations.flatMap(({ fallback }) => fallback ?? []));
    const ways = channel.destinations.map((destination): Asked => {
      const what = channelOf(destination.partner) !== undefined ? "hand-off" : fallbacks.has(destination.name) ? "fallback" : "destination";
      return { what, at: `${file}/destinations/${destination.name}`, denied: firstOf(carried.map((label) => leaves(project, channel, destination, label))) };
    });
    const answer = answered(project, channel, carried);
    return answer ? [...ways, { what: "answer", at: `${file}/source/respond`, ...answer } as const] : ways;
  });
}

function leaves(project: Project, channel: Channel, destination: DestinationSpec, carried: Label): string | undefined {
  const partner = project.partners.get(destination.partner);
  if (!partner) return "no partner";
  const label = labelSent(channel, destination, carried);
  const verdict = boundary.permits({ label, destination, partner, now });
  if ("refusal" in verdict) return `${verdict.refusal.code} ${verdict.refusal.rule}`;
  const to = project.channels.find(({ name }) => name === channelOf(partner.name));
  // What the next channel takes for the most that it carries is no less than what it is handed.
  return to && !isWithin({ ...label, purposes: label.purposes ?? to.classification.purposes ?? [] }, { ...to.classification, purposes: to.classification.purposes ?? label.purposes ?? [] }) ? "beyond the ceiling of the next channel" : undefined;
}

/** As the flow asks before it gives a sender what a partner answered. */
function answered(project: Project, channel: Channel, carried: readonly Label[]): { readonly denied: string | undefined } | undefined {
  const from = channel.destinations.find(({ name }) => name === channel.source.respond?.from);
  const partner = project.partners.get(channel.source.partner);
  if (!from || !partner || isSelf(partner.name)) return undefined;
  const back: Partner = { ...partner, links: partner.links.inbound ? { outbound: partner.links.inbound } : {} };
  return {
    denied: firstOf(carried.map((each) => {
      const label = labelOfReply(channel, (name) => project.partners.get(name), each);
      if (!label) return "no label";
      const verdict = boundary.permits({ label, destination: { ...from, partner: partner.name, sends: label.level }, partner: back, now, isReply: true });
      return "refusal" in verdict ? `${verdict.refusal.code} ${verdict.refusal.rule}` : undefined;
    })),
  };
}

function firstOf(denials: readonly (string | undefined)[]): string | undefined {
  return denials.find((denied) => denied !== undefined);
}

describe("random graphs", () => {
  test(`of ${graphs}, what lint accepts the flow rule never denies for its label, and what the rule denies lint has refused`, { timeout: 120_000 }, () => {
    const counts = { accepted: 0, refused: 0, ways: 0, denied: 0, handOffs: 0, answers: 0, fallbacks: 0 };
    const wrong: string[] = [];
    for (let seed = 0; seed < graphs && wrong.length < 5; seed++) {
      const project = projectOf(randomPlan(seed));
      const errors = errorsOf(project);
      if (errors.length === 0) counts.accepted++;
      else counts.refused++;
      for (const { what, at, denied } of asked(project, new Seeded(seed))) {
        counts.ways++;
        if (what === "hand-off") counts.handOffs++;
        if (what === "answer") counts.answers++;
        if (what === "fallback") counts.fallbacks++;
        if (denied !== undefined) counts.denied++;
        const here = errors.filter(({ at: { file } }) => file === at || file.startsWith(`${at}/`));
        if (denied !== undefined && errors.length === 0) wrong.push(`seed ${seed}: lint accepts the project, and ${at} is denied: ${denied}`);
        if (denied !== undefined && here.length === 0 && !isSaidElsewhere(project, at, errors)) wrong.push(`seed ${seed}: ${at} is denied (${denied}), and no error stands there`);
        const said = here.find(({ code }) => aboutLabels.has(code));
        if (denied === undefined && said) wrong.push(`seed ${seed}: ${at} is permitted, and lint says ${said.code} ${said.message}`);
      }
    }
    process.stdout.write(`${graphs} graphs: ${counts.accepted} accepted, ${counts.refused} refused; ${counts.ways} ways out, of them ${counts.denied} denied, ${counts.handOffs} hand-offs, ${counts.fallbacks} fallbacks, ${counts.answers} answers\n`);
    expect(wrong).toEqual([]);
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(graphs / 10);
    expect(Math.min(counts.denied, counts.handOffs, counts.answers, counts.fallbacks)).toBeGreaterThan(300);
  });

  test("values and files are one project: lint says the same of both", { timeout: 60_000 }, () => {
    const codes = (found: readonly { code: string }[]) => found.map(({ code }) => code).filter((code) => code.startsWith("PHI-")).sort();
    const read = { compared: 0, refusedByConfig: 0 };
    for (let seed = 0; seed < 250; seed++) {
      const plan = randomPlan(seed);
      const { errors, project } = errorsInFiles(plan);
      // What configuration refuses, the proof does not judge.
      if (errors.some(({ code }) => !code.startsWith("PHI-"))) {
        read.refusedByConfig++;
        continue;
      }
      read.compared++;
      expect(codes(errors), `seed ${seed}\n${JSON.stringify(filesOf(plan), null, 1)}`).toEqual(codes(errorsOf(projectOf(plan))));
      expect(project.channels.map(({ classification }) => classification)).toEqual(projectOf(plan).channels.map(({ classification }) => classification));
    }
    process.stdout.write(`${read.compared} of them through files as well, ${read.refusedByConfig} refused by configuration\n`);
    expect(read.compared).toBeGreaterThan(60);
  });
});

/** A sender's answer over a link that never carries patients' data is said of the source. */
function isSaidElsewhere(project: Project, at: string, errors: ReturnType<typeof errorsOf>): boolean {
  const channel = project.channels.find(({ name }) => at === `channels/${name}.yaml/source/respond`);
  return channel !== undefined && errors.some(({ code, at: { file } }) => code === "PHI-122" && file === `channels/${channel.name}.yaml/source/partner`);
}
