import { expect, test } from "vitest";
import type { DestinationSpec, Partner } from "../config/project.ts";
import { configurationHash } from "../phi/deidentify/index.ts";
import { bytes, channel, destination, entry, partner, setUp } from "./flow.fixture.ts";

const signal = AbortSignal.timeout(5000);
const spec = destination({ sends: "deidentified", purpose: "HRESCH", deidentify: { method: "expert", dates: "shift", ids: "surrogate", certificate: "ED" } });
const code = { text: "", language: "js", form: "body", file: "x", line: 1, indent: 0 } as const;
const another = `sha256:${"0".repeat(64)}`;
const sent = { format: "hl7v2", bytes: bytes("MSH|^~\\&|SLUICE||||||ORU^R01|cccccccccccccccccccc|P|2.5.1\rPID|1||dddddddddddddddd\r") } as const;

function ward(configHash = configurationHash(spec)): Partner {
  const [first] = partner("ward").agreements;
  const determined = { ...first, id: "ED", basis: "expert-determination", levels: ["deidentified"], purposes: ["HRESCH"], determination: { expert: "E", recipients: ["ward"], configHash } };
  return { ...partner("ward"), agreements: [determined] } as unknown as Partner;
}

test("what was filled goes while the expert's determination is of this very configuration, and no longer", async () => {
  const now = { ward: ward() };
  const flow = setUp({ channel: channel({ destinations: [spec] }), partners: { get ward() { return now.ward; } } });
  for (const one of [entry(), entry({ id: 8, filled: true, sent })]) {
    now.ward = ward();
    expect(await flow.lane.prepare(one)).toEqual({ kind: "ready" });
    expect(await flow.lane.attempt(one, 1, signal)).toMatchObject({ kind: "delivered" });
    now.ward = ward(another);
    expect(await flow.lane.attempt(one, 2, signal)).toEqual({ kind: "refused", code: "PHI-232", reason: "determination ED" });
    expect(await flow.lane.prepare(one)).toEqual({ kind: "end", end: "refused", code: "PHI-232", reason: "determination ED" });
  }
  expect(flow.sent).toHaveLength(2);
});

test("nor does an emergency access lift it", async () => {
  const { lane } = setUp({ channel: channel({ destinations: [spec] }), partners: { ward: { ...ward(another), breakGlass: true } } });
  expect(await lane.prepare(entry({ filled: true, sent }))).toMatchObject({ kind: "end", code: "PHI-232" });
});

test.each<[string, Partial<DestinationSpec>, string, boolean]>([
  ["de-identified under an earlier revision, so perhaps by other policies, is made anew", spec, "r0", true],
  ["de-identified under this one goes as it is", spec, "r1", false],
  ["not de-identified goes as it is", {}, "r0", false],
])("what was %s", async (_what, change, revision, isAnew) => {
  const own = channel({ revision: "r1", destinations: [destination(change)] });
  const { lane, ran, rendered } = setUp({
    channel: { ...own, transform: code }, partners: change === spec ? { ward: ward() } : {}, revision: async () => ({ channel: { ...own, transform: code, revision: "r0" }, program: "results@r0" }),
  });
  expect(await lane.prepare(entry({ revision, filled: true, sent }))).toEqual({ kind: "ready" });
  expect(ran).toHaveLength(isAnew ? 1 : 0);
  expect(rendered[0]?.content === sent).toBe(!isAnew);
});
