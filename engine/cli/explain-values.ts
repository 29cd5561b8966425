import type { Channel, CodeSpec, DeidentifySpec, DestinationSpec, FilterSpec, Partner, Placed, Project } from "../config/project.ts";
import { isSelf } from "../config/self.ts";
import { isWritten } from "../config/yaml/place.ts";
import { asWritten } from "../flow/same-way.ts";
import { withEndpoint } from "../runtime/net/sole-endpoint.ts";
import type { Registry } from "../runtime/registry.ts";
import type { Range } from "../sdk/index.ts";
import { spokenDuration, spokenRate, spokenSize } from "./spoken.ts";

/** One value of the expanded channel: where in the channel it stands, or would stand, and where it comes from. */
export interface ExplainedValue {
  readonly path: string;
  readonly value: unknown;
  /** `file:line:column` where somebody wrote it, else who decided. */
  readonly from: string;
}

type Path = readonly string[];

/** Every value the engine works with for a channel, written or not, in the order of the message. */
export function explainedValues(channel: Channel, project: Project, registry: Registry): readonly ExplainedValue[] {
  const rows = new Rows(channel.place);
  const { source } = channel;
  const partner = project.partners.get(source.partner);
  rows.add(["classification"], channel.classification.level);
  rows.add(["classification", "compartments"], channel.classification.compartments, ["classification", "compartments"], inherited(partner, "ceiling"));
  sourceRows(rows, channel, partner);
  if (channel.order) {
    rows.add(["order", "by"], channel.order.by);
    rows.add(["order", "parallel"], channel.order.parallel);
  } else rows.add(["order"], "one for all messages");
  if (channel.case) caseRows(rows, channel.case);
  codeRows(rows, [], channel);
  for (const destination of channel.destinations) destinationRows(rows, destination, project.partners.get(destination.partner), registry);
  rows.add(["lookups"], channel.lookups);
  const keep = channel.keep ?? project.settings.keep;
  const settings = channel.keep ? "the engine" : placeText(project.settings.place.atKey("keep"));
  const kept = (key: "contentsMs" | "metadataMs") => (keep?.[key] === undefined ? "for ever" : spokenDuration(keep[key]));
  rows.add(["keep", "storage"], keep?.storage ?? "all", undefined, keep?.storage ? settings : undefined);
  rows.add(["keep", "contents"], kept("contentsMs"), undefined, keep?.contentsMs === undefined ? undefined : settings);
  rows.add(["keep", "metadata"], kept("metadataMs"), undefined, keep?.metadataMs === undefined ? undefined : settings);
  return rows.all;
}

function alertRows(rows: Rows, path: Path, { owner, list, withinMs, escalate, flags, rangesTable }: NonNullable<DestinationSpec["alert"]>): void {
  const at = (...keys: string[]) => [...path, "alert", ...keys];
  rows.add(at("owner"), owner);
  rows.add(at("list"), list);
  rows.add(at("acknowledge", "within"), spokenDuration(withinMs));
  rows.add(at("acknowledge", "escalate"), escalate);
  rows.add(at("flags"), flags);
  rows.add(at("ranges"), rangesTable ?? "none");
}

function caseRows(rows: Rows, about: NonNullable<Channel["case"]>): void {
  const at = (...keys: string[]) => ["case", ...keys];
  for (const key of ["kind", "owner", "list", "key"] as const) rows.add(at(key), about[key]);
  rows.add(at("stamp"), about.stamp ?? "none: messages count in the order they come");
  const { codes, ...state } = about.state;
  for (const [key, value] of Object.entries({ ...state, ...codes })) rows.add(at("state", key), value);
  rows.add(at("moves"), about.moves ?? "any", at("moves"));
  rows.add(at("opens"), about.opens);
  rows.add(at("stale"), about.stale);
  rows.add(at("same"), about.same);
  const { unmatched = { list: about.list, owner: about.owner, do: "hold" as const }, due } = about;
  for (const key of ["list", "owner", "do"] as const) rows.add(at("unmatched", key), unmatched[key]);
  if ("forMs" in unmatched && unmatched.forMs !== undefined) rows.add(at("unmatched", "for"), spokenDuration(unmatched.forMs));
  for (const { kind, list, owner, do: how } of about.known) rows.add(at("known", kind), { list, owner, do: how }, at("known"));
  if (about.analytes) for (const key of ["table", "list", "owner", "do"] as const) rows.add(at("analytes", key), about.analytes[key]);
  if (!due) return rows.add(at("due"), "never");
  rows.add(at("due", "in"), spokenDuration(due.inMs));
  for (const key of ["unless", "list", "owner"] as const) rows.add(at("due", key), due[key]);
}

function sourceRows(rows: Rows, channel: Channel, partner: Partner | undefined): void {
  const { source } = channel;
  const link = partner?.links.inbound;
  const at = (key: string) => ["source", key];
  rows.add(at("partner"), source.partner);
  rows.options(["source", source.connector], source.options);
  rows.add(at("format"), source.format, at("format"), `the connector ${source.connector}`);
  if (source.version !== undefined) rows.add(at("version"), source.version);
  rows.add(at("types"), source.types.length > 0 ? source.types : (link?.allow ?? []), at("types"), inherited(partner, "links", "inbound", "allow"));
  rows.add(["source", "auth"], link?.auth ?? "", [], inherited(partner, "links", "inbound", "auth"));
  const limit = source.limit ?? link?.limit;
  if (limit && !isSelf(source.partner)) rows.add(at("limit"), spokenRate(limit), at("limit"), inherited(partner, "links", "inbound", "limit"));
  if (source.respond) {
    rows.add(["source", "respond", "from"], source.respond.from);
    rows.add(["source", "respond", "within"], spokenDuration(source.respond.withinMs));
  } else rows.add(at("ack"), source.ack);
  if (source.withinMs !== undefined) rows.add(at("within"), spokenDuration(source.withinMs));
  rows.add(at("split"), source.split ?? "none: what arrives is one message");
  for (const [key, value] of Object.entries(source.csv ?? {})) rows.add(["source", "csv", key], value);
  if (source.attachments) {
    rows.add(["source", "attachments", "paths"], source.attachments.paths);
    rows.add(["source", "attachments", "over"], spokenSize(source.attachments.overBytes));
  }
  rows.add(at("charset"), source.charset);
}

function destinationRows(rows: Rows, spec: DestinationSpec, partner: Partner | undefined, registry: Registry): void {
  const base = ["destinations", spec.name];
  const at = (...keys: string[]) => [...base, ...keys];
  const link = partner?.links.outbound;
  rows.add(at("partner"), spec.partner);
  rows.add(at("sends"), spec.sends, at("sends"), "the channel's classification");
  if (spec.purpose !== undefined) rows.add(at("purpose"), spec.purpose);
  rows.add(at("format"), spec.format, at("format"), spec.only ? "a closed list is JSON" : "the source's format");
  codeRows(rows, base, spec);
  if (spec.alert) alertRows(rows, base, spec.alert);
  if (spec.clinical) {
    for (const key of ["list", "owner"] as const) rows.add([...base, "clinical", key], spec.clinical[key] ?? "the owner of the case");
    rows.add([...base, "clinical", "exceptions"], spec.clinical.exceptions.map(({ name }) => name));
  }
  if (spec.deidentify) deidentifyRows(rows, at("deidentify"), spec.deidentify);
  for (const [field, { kind, ...bounds }] of Object.entries(spec.only ?? {})) rows.add(at("only", field), { kind, ...bounds });
  const definition = registry.definition(spec.connector)?.destination;
  const options = partner && definition ? withEndpoint(spec.options, partner, definition) : spec.options;
  rows.options(at(spec.connector), options, { endpoint: "the partner's only endpoint that fits" });
  const endpoint = partner?.endpoints.find(({ id }) => id === options["endpoint"]);
  if (endpoint && partner && !isSelf(partner.name)) rows.add(at("address"), endpoint.url, [], placeText(partner.place.at("endpoints", partner.endpoints.indexOf(endpoint), "url")));
  if (link && !isSelf(spec.partner)) rows.add(at("limit"), spokenRate(link.limit), [], inherited(partner, "links", "outbound", "limit"));
  rows.add(at("queue"), spec.queue ?? "always");
  rows.add(at("retry", "attempts"), spec.retry.attempts === 0 ? "without end" : spec.retry.attempts);
  rows.add(at("retry", "initial"), spokenDuration(spec.retry.initialMs));
  rows.add(at("retry", "max"), spokenDuration(spec.retry.maxMs));
  rows.add(at("retry", "maxAge"), spec.retry.maxAgeMs === 0 ? "without end" : spokenDuration(spec.retry.maxAgeMs));
  rows.add(at("unknown"), spec.unknown ? { ...spec.unknown } : "resend: sent again, marked as a repeat", at("unknown"));
  const hasCodes = spec.format === "hl7v2" || spec.accept !== undefined || spec.answers !== undefined;
  if (hasCodes) rows.add(at("accept"), spec.accept ?? ["AA", "CA"]);
  for (const code of hasCodes ? ["AE", "CE", "AR", "CR"] : []) {
    if (!(spec.accept ?? []).includes(code)) rows.add(at("answers", code), spec.answers?.[code] ?? (code.endsWith("E") ? "retry" : "reject"));
  }
  rows.add(at("fallback"), spec.fallback ?? "none");
  rows.add(at("window"), spec.window ? { ...spec.window } : "always open", at("window"));
  rows.add(at("batch"), spec.batch ? { max: spec.batch.max, maxBytes: spokenSize(spec.batch.maxBytes), within: spokenDuration(spec.batch.withinMs) } : "none: one message at a time", at("batch"));
  if (spec.response) {
    rows.add(at("response", "format"), spec.response.format);
    if (spec.response.transform) rows.add(at("response", "transform"), codeText(spec.response.transform));
  }
}

function deidentifyRows(rows: Rows, base: Path, { method, certificate, dates, ids, transform, aggregate }: DeidentifySpec): void {
  const at = (...keys: string[]) => [...base, ...keys];
  rows.add(at("method"), method);
  if (certificate !== undefined) rows.add(at("certificate"), certificate);
  rows.add(at("dates"), dates, at("dates"), `the method ${method}`);
  rows.add(at("ids"), ids, at("ids"), `the method ${method}`);
  if (transform) rows.add(at("transform"), codeText(transform));
  for (const [key, value] of Object.entries(aggregate ?? {})) rows.add(at("aggregate", key), value, at("aggregate", key), `the method ${method}`);
}

function codeRows(rows: Rows, base: Path, { filter, transform }: { readonly filter?: FilterSpec; readonly transform?: CodeSpec }): void {
  if (filter) rows.add([...base, "filter"], filter.kind === "match" ? filter.conditions : codeText(filter.code));
  if (transform) rows.add([...base, "transform"], codeText(transform));
}

/** Code is named by its place and its length; who wants to read it opens the file. */
function codeText({ file, line, text, language, map }: CodeSpec): string {
  if (map) return `the map ${map.name}${Object.keys(map.options).length === 0 ? "" : ` with ${Object.keys(map.options).join(", ")}`}`;
  const lines = text.trimEnd().split("\n").length;
  return `${lines} ${lines === 1 ? "line" : "lines"} of ${language === "ts" ? "TypeScript" : "JavaScript"} at ${file}:${line}`;
}

function inherited(partner: Partner | undefined, ...path: (string | number)[]): string {
  return partner && !isSelf(partner.name) ? placeText(partner.place.atKey(...path)) : "the engine";
}

function placeText({ file, line, column }: Range): string {
  return `${file}:${line}:${column}`;
}

class Rows {
  readonly all: ExplainedValue[] = [];
  readonly #place: Placed;

  constructor(place: Placed) {
    this.#place = place;
  }

  /** `at`: where it would be written; default: its own path. */
  add(path: Path, value: unknown, at: Path = path, otherwise = "the engine"): void {
    const written = at.length > 0 && isWritten(this.#place, ...at);
    this.all.push({ path: path.join("."), value, from: written ? placeText(this.#place.at(...at)) : otherwise });
  }

  /** A connector's options, each with its default; a secret by its reference alone. */
  options(base: Path, options: Readonly<Record<string, unknown>>, otherwise: Readonly<Record<string, string>> = {}): void {
    const plain = JSON.parse(JSON.stringify(options, asWritten)) as Record<string, unknown>;
    const walk = (value: Record<string, unknown>, path: Path) => {
      for (const [key, item] of Object.entries(value)) {
        const isMap = typeof item === "object" && item !== null && !Array.isArray(item);
        if (isMap) walk(item as Record<string, unknown>, [...path, key]);
        else this.add([...path, key], item, undefined, otherwise[key] ?? `the connector ${base.at(-1)}`);
      }
    };
    if (Object.keys(plain).length === 0) this.add(base, {});
    walk(plain, base);
  }
}
