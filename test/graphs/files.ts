import { stringify } from "yaml";
import { code, type Plan, type PlannedChannel } from "./plan.ts";

const link = (phi: "allowed" | "never" | undefined, auth: "none" | "tls") => (phi === undefined ? undefined : { auth, allow: ["*"], limit: "50/s", audit: "full", phi });
const file = { file: "transforms/same.js" };

/** The files of a planned project, as people write them. */
export function filesOf(plan: Plan): Readonly<Record<string, string>> {
  const partners = Object.fromEntries(
    Object.entries(plan.partners).map(([name, { inbound, outbound, ...rest }]) => [name, defined({ ...rest, links: defined({ inbound: link(inbound, "none"), outbound: link(outbound, "tls") }) })]));
  return {
    "sluice.yaml": stringify({ name: "graph", owner: plan.owner }),
    "partners.yaml": stringify({ partners }, { aliasDuplicateObjects: false }),
    "transforms/same.js": code,
    ...Object.fromEntries(plan.channels.map((channel, i) => [`channels/${channel.channel}.yaml`, stringify(channelOf(channel, i), { aliasDuplicateObjects: false })])),
    ...Object.fromEntries(Object.entries(plan.lookups).map(([name, rows]) => [`lookups/${name}.yaml`, stringify(rows)])),
  };
}

function channelOf({ channel, classification, partner, respond, transform, lookups, destinations }: PlannedChannel, i: number): object {
  const from = partner === "self" ? { relay: {}, format: "hl7v2" } : { mllp: { port: 3000 + i } };
  return defined({
    channel,
    classification,
    source: defined({ partner, ...from, respond: respond === undefined ? undefined : { from: respond, within: "20s" } }),
    transform: transform ? file : undefined,
    destinations: Object.fromEntries(Object.entries(destinations).map(([name, { to, path, transform: code, deidentify, partner: party, ...rest }]) => [
      name,
      defined({
        partner: party,
        ...rest,
        ...(to === undefined ? { http: defined({ path }) } : { relay: { to } }),
        transform: code ? file : undefined,
        deidentify: deidentify && defined({ ...deidentify, transform: deidentify.transform ? file : undefined }),
      }),
    ])),
    lookups,
  });
}

function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
