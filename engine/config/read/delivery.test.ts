import { describe, expect, it } from "vitest";
import { catalogue } from "../../../test/golden/catalogue.ts";
import { memoryFiles } from "../files.ts";
import { keepingOf } from "./keeping.ts";
import { readProject } from "./project.ts";

const partners = `partners:
  lab:
    kind: lab
    links: { inbound: { auth: none, allow: ["*"], limit: 50/s, audit: full, phi: allowed } }
  ehr:
    kind: provider
    endpoints: [{ id: results, url: "mllp://127.0.0.1:2600" }]
    links: { outbound: { auth: none, allow: ["*"], limit: 50/s, audit: full, phi: allowed } }
`;
const channel = `channel: lab
classification: phi
source:
  partner: lab
  http: { port: 8080, path: /in }
  format: hl7v2
  version: 2.3
  split: batch
  ack: delivered
  within: 20s
  attachments: { paths: [OBX-5], over: 2mb }
order: { by: PID-3.1, parallel: 4 }
destinations:
  ehr:
    partner: ehr
    mllp: { endpoint: results }
    queue: on-failure
    window: { days: [tue, mon], from: "22:00", to: "06:00", timezone: America/New_York }
    batch: { max: 50, within: 2s }
    accept: [AA, CA, AE]
    answers: { AR: dead }
    response: { format: json, transform: { file: transforms/answer.ts } }
    fallback: paper
  paper:
    partner: ehr
    mllp: { endpoint: results }
keep: { storage: raw, contents: 30d }
`;
const files = {
  "/p/sluice.yaml": "name: p\nkeep: { contents: 90d, metadata: 400d }\n",
  "/p/partners.yaml": partners,
  "/p/lab.yaml": channel,
  "/p/transforms/answer.ts": "export default (msg) => msg;\n",
};
const read = (changed: Record<string, string> = {}) => readProject("/p", { connectors: catalogue, files: memoryFiles({ ...files, ...changed }) });
const lab = (text: string, more: Record<string, string> = {}) => read({ "/p/lab.yaml": text, ...more }).project?.channels[0];

describe("how a channel receives, sends and keeps", () => {
  const { project, diagnostics } = read();
  const [first] = project?.channels ?? [];

  it("is read without a word", () => expect(diagnostics).toEqual([]));

  it("has the source's keys, with defaults where they say nothing", () => {
    expect(first?.source).toMatchObject({ version: "2.3", split: "batch", ack: "delivered", withinMs: 20_000, attachments: { paths: ["OBX-5"], overBytes: 2 * 1024 ** 2 } });
    expect(first?.source).not.toHaveProperty("csv");
    expect(first?.source).not.toHaveProperty("respond");
    expect(first?.order).toEqual({ by: "PID-3.1", parallel: 4 });
  });

  it("answers with a destination's answer in place of its own", () => {
    const source = lab(channel.replace("  ack: delivered\n  within: 20s\n", "  respond: { from: ehr, within: 1m }\n"))?.source;
    expect(source).toMatchObject({ ack: "stored", respond: { from: "ehr", withinMs: 60_000 } });
    expect(source).not.toHaveProperty("withinMs");
  });

  it("waits 30 s for the transform where nothing is stated, and for the store without a limit", () => {
    expect(lab(channel.replace("  ack: delivered\n  within: 20s\n", "  ack: processed\n"))?.source).toMatchObject({ ack: "processed", withinMs: 30_000 });
    expect(lab(channel.replace("  ack: delivered\n  within: 20s\n", ""))?.source).toHaveProperty("ack", "stored");
    expect(lab(channel.replace("  ack: delivered\n  within: 20s\n", ""))?.source).not.toHaveProperty("withinMs");
    expect(lab(channel.replace("  ack: delivered\n", ""))?.source).toMatchObject({ ack: "stored", withinMs: 20_000 });
  });

  it("says how delimited text is read wherever the format is csv", () => {
    const csv = channel.replace("format: hl7v2", "format: csv").replace("  version: 2.3\n", "");
    expect(lab(csv.replace("split: batch", "split: records"))?.source).toMatchObject({ format: "csv", split: "records", csv: { delimiter: ",", quote: '"', header: true } });
    expect(lab(csv.replace("split: batch", 'csv: { delimiter: "\\t", header: false }'))?.source.csv).toEqual({ delimiter: "\t", quote: '"', header: false });
  });

  it("has the destination's keys", () => {
    expect(first?.destinations[0]).toMatchObject({
      queue: "on-failure",
      window: { days: ["mon", "tue"], from: "22:00", to: "06:00", timezone: "America/New_York" },
      batch: { max: 50, maxBytes: 1024 ** 2, withinMs: 2000 },
      accept: ["AA", "CA", "AE"],
      answers: { AR: "dead" },
      fallback: "paper",
      response: { format: "json", transform: { file: "transforms/answer.ts", language: "ts", form: "module" } },
    });
    expect(first?.destinations[1]?.queue).toBe("always");
    for (const key of ["window", "batch", "accept", "answers", "fallback", "response"]) expect(first?.destinations[1]).not.toHaveProperty(key);
  });

  it("opens every day when a window names none, and reads an answer in the destination's format", () => {
    const short = channel.replace("days: [tue, mon], ", "").replace("format: json, transform", "transform");
    expect(lab(short)?.destinations[0]?.window?.days).toHaveLength(7);
    expect(lab(short)?.destinations[0]?.response?.format).toBe("hl7v2");
  });

  it("places the code of a response, and makes a new revision of it", () => {
    const inline = channel.replace("response: { format: json, transform: { file: transforms/answer.ts } }", "response:\n      transform: |\n        return msg;");
    expect(lab(inline)?.destinations[0]?.response?.transform).toMatchObject({ text: "return msg;\n", file: "lab.yaml", line: 24, indent: 8 });
    expect(lab(channel, { "/p/transforms/answer.ts": "export default () => 1;\n" })?.revision).not.toBe(first?.revision);
  });

  it("keeps as the channel says, and as the project says where the channel does not", () => {
    expect(first && project && keepingOf(first, project.settings)).toEqual({ storage: "raw", contentsMs: 30 * 86_400_000, metadataMs: 400 * 86_400_000 });
    expect(project && keepingOf({}, project.settings)).toEqual({ contentsMs: 90 * 86_400_000, metadataMs: 400 * 86_400_000 });
    expect(keepingOf({}, {})).toEqual({});
  });

  it("adds the tests of files that name the channel, at their own place", () => {
    const file = 'channel: lab\ntests:\n  - name: from a file\n    given: { text: "MSH|" }\n    expect: { ehr: filtered }\n';
    const { project: tested, diagnostics: said } = read({ "/p/tests/lab.yaml": file, "/p/tests/notes.txt": "no test" });
    expect(said).toEqual([]);
    expect(tested?.channels[0]?.tests.map(({ name, at }) => [name, at.file, at.line])).toEqual([["from a file", "tests/lab.yaml", 3]]);
    expect(tested?.channels[0]?.revision).toBe(first?.revision);
  });
});
