import { describe, expect, it, test } from "vitest";
import type { DeidentifySpec, DestinationSpec } from "../../config/project.ts";
import { createBoundary } from "../index.ts";
import { agreement, channel, destination, envelope, mint, partner, registration, tree } from "../testing/given.ts";
import { now } from "./given.fixture.ts";
import { configurationHash } from "./index.ts";

const safeHarbor: DeidentifySpec = { method: "safe-harbor", dates: "year", ids: "surrogate" };
const expert: DeidentifySpec = { method: "expert", dates: "shift", ids: "pseudonym", certificate: "ED-2026-7" };
const to = (deidentify: DeidentifySpec | undefined, over: Partial<DestinationSpec> = {}) => destination({ sends: "deidentified", format: "hl7v2", ...(deidentify && { deidentify }), ...over });
const examined = (over: { configHash?: string; recipients?: string[] } = {}) => {
  const configHash = over.configHash ?? configurationHash(to(expert)) ?? "";
  return partner({ agreements: [agreement({ id: "ED-2026-7", basis: "expert-determination", determination: { expert: "A. Expert", configHash, recipients: over.recipients ?? ["acme"] } })] });
};

function lowered(over: Partial<Parameters<ReturnType<typeof createBoundary>["deidentify"]>[0]> = {}) {
  return createBoundary().deidentify({ text: registration, format: "hl7v2", channel: channel(), destination: to(safeHarbor), partner: partner(), raw: tree(), now, mint, ...over });
}

describe("the step", () => {
  it("gives a message that has nothing left of the patient", () => {
    const out = lowered();
    expect(out).toMatchObject({ format: "hl7v2", text: expect.stringMatching(/^MSH\|/) });
    expect(JSON.stringify(out)).not.toMatch(/Rivera|Jane|90017734|19800102|Elm|Millbrook|02139|5550142|GRP00881|POL4455667|R2D2|Careful|NORTHSIDE|20261121/);
  });
  it.each(["json", "csv", "xml", "text"] as const)("refuses %s, which has no policy", (format) => {
    expect(lowered({ format, text: "{}" })).toEqual({ refusal: { code: "PHI-230", rule: "policy", where: format } });
  });
  it("refuses what is not what it claims to be", () => {
    expect(lowered({ text: "Jane Rivera" })).toEqual({ refusal: { code: "PHI-231", rule: "read HL7-001", where: "hl7v2" } });
  });
  it("refuses a destination without it, and settings that the method does not allow", () => {
    expect(lowered({ destination: to(undefined) })).toMatchObject({ refusal: { code: "PHI-206" } });
    for (const [spec, rule] of [
      [{ ...safeHarbor, dates: "shift" }, "dates"], [{ ...safeHarbor, dates: "keep" }, "dates"], [{ ...safeHarbor, ids: "pseudonym" }, "ids"],
      [{ ...safeHarbor, certificate: "ED-2026-7" }, "certificate"], [{ method: "expert", dates: "year", ids: "surrogate" }, "certificate"],
    ] as const) {
      expect(lowered({ destination: to(spec as DeidentifySpec) })).toEqual({ refusal: { code: "PHI-232", rule } });
    }
  });
});

describe("an expert's determination", () => {
  it("covers the configuration and the recipients that the expert examined", () => {
    expect(lowered({ destination: to(expert), partner: examined() })).toMatchObject({ text: expect.stringContaining("pseudonym-northside-acme-patient") });
    expect(lowered({ destination: to(expert), partner: examined({ recipients: ["other"] }) })).toMatchObject({ refusal: { code: "PHI-232", rule: "determination" } });
    expect(lowered({ destination: to(expert), partner: examined({ configHash: `sha256:${"0".repeat(64)}` }) })).toMatchObject({ refusal: { code: "PHI-232" } });
    expect(lowered({ destination: to(expert), partner: partner() })).toMatchObject({ refusal: { code: "PHI-232" } });
  });
  it("is of another configuration when anything that decides has changed", () => {
    const code = { text: "return msg", language: "js", form: "body", file: "a.yaml", line: 1, indent: 0 } as const;
    const hashes = [
      to(expert), to({ ...expert, dates: "year" }), to({ ...expert, ids: "surrogate" }), to({ ...expert, transform: code }), to({ ...expert, transform: { ...code, text: "return {}" } }),
      to({ ...expert, transform: { ...code, modules: [{ file: "lib.ts", text: "export const a = 1", language: "ts" }] } }), to(expert, { only: { a: { kind: "const", value: 1 } } }), to(expert, { format: "json" }),
    ].map((each) => configurationHash(each));
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashes[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(configurationHash(to(undefined))).toBeUndefined();
    // Where code stands in its file decides nothing.
    expect(configurationHash(to({ ...expert, transform: { ...code, line: 99, file: "b.yaml" } }))).toBe(hashes[3]);
  });
});

test("tokens are stable for a partner, and others for another", () => {
  const vault = new Map<string, string>();
  const surrogate = (...of: (string | undefined)[]) => {
    if (!vault.has(of.join())) vault.set(of.join(), `tok${vault.size}`);
    return vault.get(of.join()) ?? "";
  };
  const made = { ...mint, surrogate };
  const patient = (name: string) => {
    const out = lowered({ mint: made, partner: partner({ name }), destination: to(safeHarbor, { partner: name }) });
    return "text" in out ? /PID\|1\|\|(\w+)/.exec(out.text)?.[1] : undefined;
  };
  expect(patient("acme")).toBe(patient("acme"));
  expect(patient("acme")).toBeDefined();
  expect(patient("other")).not.toBe(patient("acme"));
});

describe("the guard behind the step", () => {
  const boundary = createBoundary();
  const label = { level: "deidentified", method: "safe-harbor", compartments: [], owners: ["northside"], obligations: [] } as const;
  const judged = (body: string) => {
    const raw = tree();
    return boundary.guard({ envelope: envelope(body), harvest: boundary.harvest(raw, "hl7v2"), label, destination: to(safeHarbor), partner: partner(), exempt: [] });
  };
  it("lets the step's own message pass", () => {
    const out = lowered();
    expect("text" in out && judged(out.text)).toBeUndefined();
  });
  it.each(["Rivera^Jane", "90017734", "19800102", "12 Elm Street", "(617) 555-0142", "999-12-3456", "VN8830012", "ACC5520981", "POL4455667", "20261121", "R2D2-4711"])("still refuses %s", (value) => {
    const out = lowered();
    expect("text" in out && judged(`${out.text}OBX|1|NM|2345-7^^LN||${value}\r`)).toMatchObject({ code: "PHI-201" });
  });
});
