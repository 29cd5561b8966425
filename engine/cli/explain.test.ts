import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExplainedValue } from "./explain-values.ts";
import type { ChannelWords } from "./explain-words.ts";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";
import { listed, spokenDuration, spokenRate, spokenSize } from "./spoken.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-explain-"));
let yaml = "";
beforeAll(async () => {
  await main(["init", folder, "--yes"], sampleTerminal());
  yaml = readFileSync(join(folder, "lab-results.yaml"), "utf8");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function explain(...argv: string[]) {
  const terminal = sampleTerminal();
  const code = await main(["explain", ...argv, "--project", folder], terminal);
  return { code, out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
}

async function explained(text: string) {
  writeFileSync(join(folder, "lab-results.yaml"), text);
  const { out } = await explain("lab-results", "--json");
  writeFileSync(join(folder, "lab-results.yaml"), yaml);
  const { words, values } = JSON.parse(out) as { words: ChannelWords; values: ExplainedValue[] };
  const find = (path: string) => values.find((value) => value.path === path);
  return { words, values, find };
}

const placeOf = (text: string, file = "lab-results.yaml") => {
  const lines = readFileSync(join(folder, file), "utf8").split("\n");
  const line = lines.findIndex((each) => each.includes(text));
  return `${file}:${line + 1}:${(lines[line] ?? "").indexOf(text) + 1}`;
};

test("every value says where it comes from: the file, the partner, the connector or the engine", async () => {
  const { find } = await explained(yaml);
  expect(find("source.mllp.port")).toEqual({ path: "source.mllp.port", value: 2575, from: placeOf("2575") });
  expect(find("source.mllp.maxFrame")).toEqual({ path: "source.mllp.maxFrame", value: "50mb", from: "the connector mllp" });
  expect(find("source.ack")).toEqual({ path: "source.ack", value: "stored", from: "the engine" });
  expect(find("source.limit")).toEqual({ path: "source.limit", value: "50/s", from: placeOf("limit", "partners.yaml") });
  expect(find("destinations.ward.sends")).toMatchObject({ value: "phi", from: "the channel's classification" });
  expect(find("destinations.ward.address")).toMatchObject({ value: "mllp://127.0.0.1:8052", from: placeOf('"mllp://', "partners.yaml") });
  expect(find("destinations.ward.retry.initial")).toMatchObject({ value: "1s", from: "the engine" });
});

test("what lowers the class stands there with what its method decides", async () => {
  const terminal = sampleTerminal();
  expect(await main(["explain", "visit-analytics", "--json", "--project", "channels"], terminal)).toBe(0);
  const { values } = JSON.parse(terminal.outs.join("\n")) as { values: ExplainedValue[] };
  const find = (path: string) => values.find((value) => value.path === `destinations.research.deidentify.${path}`);
  expect(find("method")).toMatchObject({ value: "safe-harbor", from: expect.stringContaining("visit-analytics.yaml:") });
  expect(find("dates")).toMatchObject({ value: "year", from: "the method safe-harbor" });
  expect(find("ids")).toMatchObject({ value: "surrogate", from: "the method safe-harbor" });
  expect(find("transform")?.value).toMatch(/^\d+ lines of JavaScript at /);
});

test("the words say what may leave and under which agreement, when the sender is answered, and what becomes of failures", async () => {
  const { words } = await explained(yaml);
  expect(words.source).toContain("takes ORU^R01 from lab as hl7v2, over mllp, at most 50/s");
  expect(words.source).toContain("the sender is answered once the message is on disk");
  expect(words.destinations["ward"]).toEqual([
    expect.stringMatching(/^may send phi for TREAT, under TREATMENT-WARD \(treatment\), in force since \d{4}-\d\d-\d\d$/),
    "has a transform of its own",
    "what fails is tried again, first after 1s, then twice as long each time up to 1m, without end; those behind it wait",
  ]);
});

test("a map is said by its name, with what the channel adjusts", async () => {
  const { words, find } = await explained(yaml.replace(/ {4}transform: \|\n(?: {6,}.*\n)+/, '    transform: { map: fhir-to-hl7v2, version: "2.4" }\n'));
  expect(find("destinations.ward.transform")?.value).toBe("the map fhir-to-hl7v2 with version");
  expect(words.destinations["ward"]).toContain("is mapped by fhir-to-hl7v2");
});

test("what a channel states is said: order, modes, windows, batches, answers and fallbacks", async () => {
  const more = yaml
    .replace("  types: [ORU^R01]", "  types: [ORU^R01]\n  ack: delivered\n  within: 20s\n\norder: { by: PID-3.1, parallel: 4 }")
    .replace(
      "    mllp: { endpoint: results }",
      "    mllp: { endpoint: results }\n    queue: on-failure\n    retry: { attempts: 8, maxAge: 4h }\n    window: { days: [mon, tue], from: \"07:00\", to: \"19:00\", timezone: UTC }\n    accept: [AA]\n    answers: { AE: reject }",
    );
  const { words, find } = await explained(more);
  expect(words.source).toContain("the sender is answered once every destination has it, within 20s");
  expect(words.source).toContain("messages with the same PID-3.1 keep their order; up to 4 keys are under way at once");
  expect(words.destinations["ward"]).toEqual(
    expect.arrayContaining([
      "what fails is tried again, first after 1s, then twice as long each time up to 1m, and is a dead letter after 8 attempts or 4h after it was received; those behind it wait",
      "the sender's answer waits for the first attempt",
      "sends on mon and tue from 07:00 to 19:00 (UTC) alone",
      "AA counts as delivered",
      "AE comes to reject",
    ]),
  );
  expect(find("destinations.ward.answers.AE")?.value).toBe("reject");
  expect(find("destinations.ward.retry.maxAge")?.from).toMatch(/^lab-results\.yaml:\d+:\d+$/);
});

test("what stays in the engine is said to stay there: its own clock, and a hand-off to another channel", async () => {
  const two = (name: string, source: string, destination: string) => `channel: ${name}\nclassification: none\nsource:\n  partner: self\n  ${source}\n  format: json\ndestinations:\n  next:\n    partner: ${destination}\n`;
  writeFileSync(join(folder, "tick.yaml"), two("tick", "timer: { every: 1h }", "self\n    channel: { to: tock }"));
  writeFileSync(join(folder, "tock.yaml"), two("tock", "channel: {}", "ward\n    sends: none\n    only: { at: { const: now } }\n    http: { endpoint: page }"));
  const partners = readFileSync(join(folder, "partners.yaml"), "utf8");
  writeFileSync(join(folder, "partners.yaml"), partners.replace("    endpoints:\n", '    endpoints:\n      - { id: page, url: "http://127.0.0.1:8053" }\n').replaceAll("allow: [ORU^R01]", 'allow: ["*"]'));
  const { out, err } = await explain("tick", "--json");
  rmSync(join(folder, "tick.yaml"));
  rmSync(join(folder, "tock.yaml"));
  writeFileSync(join(folder, "partners.yaml"), partners);
  expect(err).toBe("");
  const { words, values } = JSON.parse(out) as { words: ChannelWords; values: ExplainedValue[] };
  expect(words.source[0]).toBe("takes what the engine itself brings as json: timer");
  expect(words.destinations["next"]?.[0]).toBe("hands over to the channel tock, up to what that may carry (none): nothing leaves the engine");
  expect(values.find(({ path }) => path === "source.auth")?.from).toBe("the engine");
  expect(values.some(({ path }) => path.endsWith("limit"))).toBe(false);
});

test("all channels at once are sentences alone; one has its values; an unknown one is a wrong call", async () => {
  expect((await explain()).out).not.toContain("VALUE");
  expect((await explain("lab-results")).out).toContain("VALUE");
  const { code, err } = await explain("lab-result");
  expect(code).toBe(2);
  expect(err).toContain('did you mean "lab-results"?');
});

test("values are spoken as configuration writes them", () => {
  expect([0, 250, 5000, 90_000, 3_600_000, 86_400_000].map(spokenDuration)).toEqual(["0ms", "250ms", "5s", "90s", "1h", "1d"]);
  expect([512, 65_536, 2 ** 20].map(spokenSize)).toEqual(["512b", "64kb", "1mb"]);
  expect([{ perSecond: 50, burst: 50 }, { perSecond: 0.5, burst: 1 }, { perSecond: 5, burst: 20 }].map(spokenRate)).toEqual(["50/s", "30/m", "5/s, 20 at once"]);
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listed)).toEqual(["", "a", "a and b", "a, b and c"]);
});
