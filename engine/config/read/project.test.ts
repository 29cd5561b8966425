import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../../test/golden/catalogue.ts";
import { SecretRef } from "../../sdk/index.ts";
import { memoryFiles } from "../files.ts";
import { formatDiagnostics } from "../diagnostics/format.ts";
import { secretRefs } from "../secret-refs.ts";
import { readProject } from "./project.ts";

const partners = `partners:
  app:
    kind: provider
    ceiling: { compartments: [hiv] }
    links:
      inbound: { auth: bearer, allow: ["*"], limit: { rate: 600/m, burst: 30 }, audit: full, phi: allowed }
  stripe:
    kind: payment
    endpoints: [{ id: api, url: "https://pay.example/v1" }]
    links:
      outbound: { auth: bearer, allow: ["*"], limit: 5/s, audit: metadata, phi: never }
`;
const channel = `channel: pay
classification: phi
source:
  partner: app
  http: { port: 8080, path: /in, auth: { bearer: "\${env:TOKEN}" } }
  format: fhir
filter: { status: [booked, arrived], "extension(copay)": present }
lookups: [kinds]
destinations:
  payment:
    partner: stripe
    sends: none
    transform: |

      if (x)
        return 1;
    only:
      amount: { type: integer, minimum: 1, maximum: 9 }
      kind: { coded: kinds, optional: true }
      who: { surrogate: true }
    http: { auth: { bearer: "\${file:keys/stripe}" } }
    retry: { attempts: 3, max: 2m }
tests:
  - name: works
    given: { text: "{}", set: { status: 3 } }
    expect: { payment: { sent: { amount: 1 } } }
`;
const files = {
  "/p/sluice.yaml": "name: p\nsandbox: { timeout: 250ms, memory: 32mb }\nbudget: { lane: 1mb }\n",
  "/p/partners.yaml": partners,
  "/p/channels/pay.yaml": channel,
  "/p/lookups/kinds.yaml": "01: first\nN: 007\n",
};
const read = (changed: Record<string, string> = {}) => readProject("/p", { connectors: catalogue, files: memoryFiles({ ...files, ...changed }) });

describe("readProject", () => {
  const { project, diagnostics } = read();
  const [pay] = project?.channels ?? [];
  const [payment] = pay?.destinations ?? [];

  it("reads a sound project without a word", () => expect(diagnostics).toEqual([]));

  it("turns durations, sizes and rates into numbers, and fills defaults in", () => {
    expect(project?.settings).toMatchObject({
      data: ".sluice",
      console: { port: 8040 },
      sandbox: { walls: "full", timeoutMs: 250, memoryMb: 32 },
      budget: { engineBytes: 256 * 1024 ** 2, laneBytes: 1024 ** 2 },
    });
    expect(project?.partners.get("app")?.links.inbound?.limit).toEqual({ perSecond: 10, burst: 30 });
    expect(project?.partners.get("stripe")?.links.outbound?.limit).toEqual({ perSecond: 5, burst: 5 });
    expect(payment?.retry).toEqual({ attempts: 3, initialMs: 1000, maxMs: 120_000, maxAgeMs: 0 });
    expect(pay?.source.options).toMatchObject({ host: "127.0.0.1", method: "POST", timeout: "5s" });
  });

  it("inherits the compartments of the source's partner, unless they are written", () => {
    expect(pay?.classification).toMatchObject({ level: "phi", compartments: ["hiv"], obligations: [] });
    const written = read({ "/p/channels/pay.yaml": channel.replace("classification: phi", "classification: { level: phi, compartments: [part2] }") });
    expect(written.project?.channels[0]?.classification.compartments).toEqual(["part2"]);
  });

  it("reads secrets as references with their place", () => {
    expect(payment?.options.auth).toEqual({ bearer: new SecretRef("file", "keys/stripe") });
    expect(secretRefs(project as NonNullable<typeof project>).map(({ ref, at }) => [ref.source, ref.name, at.line, at.column])).toEqual([
      ["env", "TOKEN", 5, 50],
      ["file", "keys/stripe", 21, 29],
    ]);
  });

  it("drops a literal secret and never repeats it outside its own line", () => {
    const literal = read({ "/p/channels/pay.yaml": channel.replace(`"\${env:TOKEN}"`, "hunter2hunter2") });
    expect(literal.diagnostics.map((d) => d.code)).toEqual(["CFG-140"]);
    expect(JSON.stringify([literal.diagnostics, literal.project?.channels[0]?.source])).not.toContain("hunter2");
  });

  it("keeps the places of code in a block scalar", () => {
    expect(payment?.transform).toEqual({ text: "\nif (x)\n  return 1;\n", language: "js", form: "body", file: "channels/pay.yaml", line: 14, indent: 6 });
  });

  it("takes codes of lookup tables as they are written", () => {
    expect({ ...project?.lookups.get("kinds") }).toEqual({ "01": "first", N: "007" });
    expect(payment?.only?.kind).toEqual({ kind: "coded", set: "kinds", values: ["01", "N", "first", "007"], optional: true });
  });

  it("sends what the channel carries, in its format, unless said otherwise", () => {
    expect(payment).toMatchObject({ sends: "none", format: "json" });
    const open = read({ "/p/channels/pay.yaml": channel.replace("    sends: none\n", "").replace(/ {4}only:\n(?: {6}.*\n)+/, "") });
    expect(open.project?.channels[0]?.destinations[0]).toMatchObject({ sends: "phi", format: "fhir" });
  });

  it("names a new revision when the file, its code or a lookup changes, and only then", () => {
    const revision = (changed?: Record<string, string>) => read(changed).project?.channels[0]?.revision;
    const base = revision();
    expect(base).toMatch(/^[0-9a-f]{16}$/);
    expect(revision({ "/p/lookups/other.yaml": "a: b\n" })).toBe(base);
    expect(revision({ "/p/lookups/kinds.yaml": "01: second\n" })).not.toBe(base);
    expect(revision({ "/p/channels/pay.yaml": `${channel}\n` })).not.toBe(base);
    const inFile = channel.replace(/transform: \|\n(?: {6}.*\n|\n)+/, "transform: { file: t.ts }\n");
    const a = revision({ "/p/channels/pay.yaml": inFile, "/p/t.ts": "export default () => 1;\n" });
    expect(revision({ "/p/channels/pay.yaml": inFile, "/p/t.ts": "export default () => 2;\n" })).not.toBe(a);
  });

  it("tells a module from a function body", () => {
    const form = (name: string, text: string) => {
      const inFile = channel.replace(/transform: \|\n(?: {6}.*\n|\n)+/, `transform: { file: ${name} }\n`);
      const { language, form: f } = read({ "/p/channels/pay.yaml": inFile, [`/p/${name}`]: text }).project?.channels[0]?.destinations[0]?.transform ?? {};
      return [language, f];
    };
    expect(form("t.ts", "export default () => 1;")).toEqual(["ts", "module"]);
    expect(form("t.js", "export default () => 1;")).toEqual(["js", "module"]);
    expect(form("t.js", "return 1;")).toEqual(["js", "body"]);
  });

  it("reports a file that is too large before it is read", () => {
    const large = read({ "/p/large.yaml": `channel: ${"x".repeat(1024 * 1024)}` });
    expect(large.diagnostics.map((d) => [d.code, d.at.file])).toEqual([["CFG-102", "large.yaml"]]);
  });

  it("never throws, whatever a file holds, and says something of everything it refuses", () => {
    const lines = channel.split("\n");
    const words = fc.constantFrom("", "12", "[]", "{}", "null", "012", "'x'", `\${env:X}`, "phi", "- a", "|", "*a", "true", "\t");
    fc.assert(
      fc.property(fc.nat(lines.length - 1), words, (i, word) => {
        const changed = lines.map((line, j) => (j === i ? line.replace(/(:|-) .*$|:$/, `: ${word}`) : line)).join("\n");
        const result = read({ "/p/channels/pay.yaml": changed });
        formatDiagnostics(result.diagnostics, result.sources);
        for (const d of result.diagnostics) expect(d.at.line).toBeLessThanOrEqual(lines.length + 1);
      }),
      { numRuns: 200 },
    );
  });
});
