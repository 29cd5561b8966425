import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readHeader } from "../codec/ack/index.ts";
import { readProject, type Channel } from "../config/index.ts";
import { builtInConnectors } from "../runtime/registry.ts";
import { Secrets } from "../runtime/secrets.ts";
import { EngineError, type SecretRef } from "../sdk/index.ts";

/** What a file is, as far as choosing a channel needs it. */
export interface FileKind {
  readonly hl7: boolean;
  /** `ORU^R01`, or a FHIR resource type; empty when unknown. */
  readonly type: string;
}

/** Where a file goes. */
export interface Target {
  readonly url: URL;
  readonly channel?: string;
  readonly method?: string;
  /** Authorization of the request; never printed. */
  readonly authorization?: string;
}

export function kindOf(bytes: Uint8Array): FileKind {
  const head = readHeader(new TextDecoder("latin1").decode(bytes).replace(/^\u00ef\u00bb\u00bf/, ""));
  if (head) return { hl7: true, type: head.type };
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const type = (value as { resourceType?: unknown } | null)?.resourceType;
    return { hl7: false, type: typeof type === "string" ? type : "" };
  } catch {
    // Not JSON either: whatever it is, MLLP takes it as it stands.
    return { hl7: true, type: "" };
  }
}

/** The channels of a project that can be sent to from this machine, ready to be asked for a file's target. */
async function projectTargets(root: string, env: Readonly<Record<string, string | undefined>>): Promise<(kind: FileKind) => Target | undefined> {
  const { project } = readProject(root, { connectors: await builtInConnectors() });
  const secrets = new Secrets(root, env);
  return (kind) => {
    const channels = (project?.channels ?? []).filter((channel) => speaks(channel, kind) && !channel.source.options["tls"]);
    // One that names the type before one that takes anything.
    const channel = channels.find((each) => each.source.types.length > 0 && takes(each, kind.type)) ?? channels.find((each) => takes(each, kind.type)) ?? (kind.hl7 ? channels[0] : undefined);
    return channel && targetOf(channel, secrets);
  };
}

function speaks({ source }: Channel, kind: FileKind): boolean {
  if (source.connector !== "mllp" && source.connector !== "http") return false;
  return kind.hl7 ? source.format === "hl7v2" : source.format === "fhir" || source.format === "json";
}

function takes({ source }: Channel, type: string): boolean {
  const [group = ""] = type.split("^");
  return source.types.length === 0 || [type, `${group}^*`, group, "*"].some((each) => source.types.includes(each));
}

function targetOf({ name, source }: Channel, secrets: Secrets): Target {
  const { port, path = "/", method, auth } = source.options as {
    readonly port: number;
    readonly path?: string;
    readonly method?: string;
    readonly auth?: { readonly bearer?: SecretRef };
  };
  if (source.connector === "mllp") return { url: new URL(`mllp://127.0.0.1:${port}`), channel: name };
  return {
    url: new URL(`http://127.0.0.1:${port}${path}`),
    channel: name,
    ...(method === undefined ? {} : { method }),
    ...(auth?.bearer ? { authorization: `Bearer ${secrets.open(auth.bearer).expose()}` } : {}),
  };
}

/** `--to`: only this machine, since what a file holds may not leave it without an agreement. */
export function namedTarget(text: string): Target | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const here = url && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  return url && here && (url.protocol === "mllp:" || url.protocol === "http:") ? { url } : undefined;
}

/** Targets by the project at hand, or the usual MLLP port where there is none. */
export async function usualTargets(cwd: string, named: string | undefined, env: Readonly<Record<string, string | undefined>>): Promise<(kind: FileKind) => Target> {
  const root = (named === undefined ? [".", "channels"] : [named]).map((name) => resolve(cwd, name)).find((path) => existsSync(join(path, "sluice.yaml")));
  if (root === undefined && named !== undefined) throw new EngineError("CLI-102", { folder: named });
  const find = root === undefined ? () => undefined : await projectTargets(root, env);
  return (kind) => {
    const found = find(kind);
    if (found) return found;
    if (root === undefined && kind.hl7) return { url: new URL("mllp://127.0.0.1:2575") };
    throw new EngineError("CLI-103", { type: kind.type || "unknown" });
  };
}
