import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { codeOf, durationMs, durationPattern, EngineError } from "../sdk/index.ts";
import { describe } from "./catalogues.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { projectFlag } from "./project-folder.ts";
import { sendHttp } from "./send-http.ts";
import { MllpSender, type Answer } from "./send-mllp.ts";
import { kindOf, namedTarget, usualTargets, type FileKind, type Target } from "./send-target.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "send",
  summary: "send message files to an engine on this machine, bytes as they stand",
  usage: "sluice send FILE… [--to mllp://127.0.0.1:2575] [--project DIR] [--timeout 30s] [--json]",
  examples: ["sluice send channels/fixtures/oru-r01.hl7", "sluice send --to mllp://127.0.0.1:2575 results/*.hl7"],
  options: { ...projectFlag, to: { type: "string" }, timeout: { type: "string" } },
  positionals: { min: 1, max: Number.MAX_SAFE_INTEGER, help: "one FILE or more" },
  run,
};

async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const { to, timeout = "30s", project } = flags as Readonly<Record<string, string | undefined>>;
  if (!new RegExp(durationPattern).test(timeout)) return wrongCall(terminal, "--timeout takes a duration such as 30s", "send");
  const named = to === undefined ? undefined : namedTarget(to);
  if (to !== undefined && !named) return wrongCall(terminal, "--to takes mllp:// or http:// with an address of this machine", "send");
  const targetFor = named ? () => named : await usualTargets(terminal.cwd, project, terminal.env);
  const senders = new Senders(durationMs(timeout));
  let failed = 0;
  try {
    for (const file of words) {
      if (terminal.signal.aborted) break;
      try {
        const bytes = read(resolve(terminal.cwd, file));
        const kind = kindOf(bytes);
        const target = targetFor(kind);
        const { ok, code, id } = await senders.send(target, bytes, kind);
        if (!ok) failed++;
        const { channel } = target;
        terminal.out(json ? JSON.stringify({ file, ok, code, id, ...(channel ? { channel } : {}) }) : `${code.padEnd(3)}  ${id.padEnd(24)}  ${file}`);
      } catch (error) {
        failed++;
        if (json) terminal.out(JSON.stringify({ file, ok: false, code: codeOf(error, "CLI-104") }));
        else terminal.err(`${file}: ${await describe(error)}`);
      }
    }
  } finally {
    senders.close();
  }
  return failed > 0 ? 1 : 0;
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new EngineError("CLI-110");
  }
}

/** Keeps one MLLP connection for each address, so that files arrive in the order they were named. */
class Senders {
  readonly #timeoutMs: number;
  readonly #open = new Map<string, MllpSender>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  async send(target: Target, bytes: Uint8Array, kind: FileKind): Promise<Answer> {
    const { url } = target;
    if (url.protocol === "http:") return sendHttp(target, bytes, kind.type !== "", this.#timeoutMs);
    const sender = this.#open.get(url.host) ?? (await MllpSender.open(url, this.#timeoutMs));
    this.#open.set(url.host, sender);
    try {
      return await sender.send(bytes);
    } catch (error) {
      // A connection that failed is in no known state.
      sender.close();
      this.#open.delete(url.host);
      throw error;
    }
  }

  close(): void {
    for (const sender of this.#open.values()) sender.close();
  }
}
