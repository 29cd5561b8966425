import { Oracle } from "../../../bench/leak/oracle/oracle.ts";
import { textsOf } from "../../../bench/leak/oracle/sink.ts";
import type { Planted } from "../../../bench/leak/planted.ts";
import { readTree } from "../../../engine/codec/index.ts";
import type { ClosedField, ClosedList } from "../../../engine/config/project.ts";
import type { Format } from "../../../engine/sdk/index.ts";
import { createBoundary } from "../../../engine/phi/index.ts";
import { channel, destination, envelope, label, mint, partner } from "../../../engine/phi/testing/given.ts";
import { body, type OpenedSandbox, program } from "../../../engine/sandbox/samples.ts";
import type { RunOutput } from "../../../engine/sandbox/sandbox.ts";

/** Code that every technique begins with: the secret, a number made of it, and the legal results of the list in a row. */
function prelude(list: ClosedList): string {
  const open = Object.entries(list).flatMap(([name, field]) => (choices(field) ? [[name, choices(field)]] : []));
  return `const list = ${JSON.stringify(open)}; const names = list.length ? list.map(([name]) => name) : ["event"];
const v = String(msg.get(msg.get("ZTG-1")) ?? ""); let n = 7; for (const c of v) n = (Math.imul(n, 131) + c.charCodeAt(0)) >>> 0;
const legal = (i) => { const o = {}; for (const [name, values] of list) { o[name] = values[i % values.length]; i = Math.floor(i / values.length); } return o; };\n`;
}

/** Every value that code may give a field, and nothing for those the engine sets. */
function choices(field: ClosedField): readonly unknown[] | undefined {
  switch (field.kind) {
    case "boolean":
      return [false, true];
    case "enum":
    case "coded":
      return field.values;
    case "integer":
      return Array.from({ length: field.maximum - field.minimum + 1 }, (_, i) => field.minimum + i);
    case "number":
      return Array.from({ length: Math.round((field.maximum - field.minimum) * 10 ** field.decimals) + 1 }, (_, i) => Number((field.minimum + i / 10 ** field.decimals).toFixed(field.decimals)));
    default:
      return undefined;
  }
}

/** All techniques against one list, in the real sandbox: one program, a destination for each. */
export class Adversary {
  readonly #sandbox: OpenedSandbox;
  readonly #list: ClosedList;
  readonly #name: string;
  readonly #count: number;

  private constructor(sandbox: OpenedSandbox, name: string, list: ClosedList, count: number) {
    this.#sandbox = sandbox;
    this.#name = name;
    this.#list = list;
    this.#count = count;
  }

  static async load(sandbox: OpenedSandbox, name: string, list: ClosedList, codes: readonly string[]): Promise<Adversary> {
    const begin = prelude(list);
    const destinations = codes.map((code, i) => ({ name: `d${i}`, format: "json" as Format, transform: body(begin + code) }));
    const problems = await sandbox.load(program({ channel: name, destinations, limits: { timeoutMs: 3000, outputBytes: 100_000 } }));
    if (problems.length > 0) throw new Error(problems.map(({ message, at }) => `${message} ${at.line}`).join("\n"));
    return new Adversary(sandbox, name, list, codes.length);
  }

  /** What each technique's recipient gets of this message: the bytes that left, or nothing. */
  async send(text: string): Promise<{ readonly left: readonly (string | undefined)[]; readonly said: string }> {
    const output = await this.#sandbox.run(this.#name, { messageId: "m-1", receivedAt: Date.UTC(2026, 2, 1), text });
    if (output.results.length !== this.#count) throw new Error("a technique has no result");
    const boundary = createBoundary();
    const raw = readTree("hl7v2", text);
    const spec = destination({ sends: "none", only: this.#list });
    const left = output.results.map((result) => {
      if (result.kind !== "output") return undefined;
      const projected = boundary.project({ channel: channel(), destination: spec, result: result.text, raw, mint });
      if ("refusal" in projected) return undefined;
      const asked = { envelope: envelope(projected.content.bytes), harvest: boundary.harvest(raw, "hl7v2"), label: label("none"), destination: spec, partner: partner(), now: Date.UTC(2026, 10, 21) };
      const verdict = boundary.release(asked);
      return "refusal" in verdict ? undefined : Buffer.from(verdict.released.envelope.body).toString("utf8");
    });
    return { left, said: saidOf(output) };
  }
}

/** What the engine's log and record say of a run: kinds, codes and places, and nothing that code wrote (`log` is content, and sealed). */
function saidOf(output: RunOutput): string {
  return JSON.stringify(output.results.map((result) => (result.kind === "output" ? result.kind : result)));
}

/** `shortest`: letters and digits below which chance would find it. */
export function readable(texts: readonly (string | undefined)[], planted: readonly Planted[], shortest = 5): Planted | undefined {
  const oracle = new Oracle(planted);
  return oracle.found(texts.flatMap((text) => (text === undefined ? [] : textsOf({ body: Buffer.from(text) }))), shortest);
}
