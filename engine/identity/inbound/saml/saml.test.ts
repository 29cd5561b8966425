import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Issuer } from "../../../config/project.ts";
import { ManualClock } from "../../../sdk/testing/manual-clock.ts";
import { encoded, SamlIssuer } from "../../../../test/simulators/saml-issuer.ts";
import { readAssertion } from "./saml.ts";
import { UsedAssertions } from "./used-assertions.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-saml-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("assertions that were taken", () => {
  const hash = (n: number) => `${n}`.padStart(32, "0");

  test("are known until nobody would take them any more, also by the next engine", () => {
    const used = new UsedAssertions(folder);
    expect([used.take(hash(1), 1000, 0), used.take(hash(1), 1000, 999), used.take(hash(2), 5000, 999)]).toEqual(["fresh", "used", "fresh"]);
    used.close();
    const next = new UsedAssertions(folder);
    expect([next.take(hash(2), 5000, 4999), next.take(hash(1), 9000, 4999)]).toEqual(["used", "fresh"]);
    next.close();
  });

  test("take no more room than those that count", () => {
    const used = new UsedAssertions(folder, 50);
    for (let n = 0; n < 170; n++) used.take(hash(n), n + 10, n);
    used.close();
    expect(readFileSync(join(folder, "used-assertions"), "utf8").split("\n").length).toBeLessThan(80);
  });

  test("a file that was torn, or holds something else, hides none of the others", () => {
    const used = new UsedAssertions(folder);
    used.take(hash(1), 1000, 0);
    used.close();
    const text = readFileSync(join(folder, "used-assertions"), "utf8");
    const after = new UsedAssertions(folder);
    expect(text).toMatch(/^1000 0+1\n$/);
    expect(after.take(hash(1), 1000, 1)).toBe("used");
    after.close();
  });
});

test("whatever is changed in a signed assertion, it says what was signed or nothing", () => {
  const idp = new SamlIssuer({ issuer: "https://idp.example", audience: "sluice", recipient: "https://sluice.example/in" });
  const clock = new ManualClock();
  clock.now = () => Date.now();
  const issuer: Issuer = { issuer: "https://idp.example", audience: ["sluice"], algorithms: [], skewMs: 60_000, assurance: {}, saml: { certificates: ["key"], recipient: "https://sluice.example/in" } };
  const xml = idp.assertion();
  const pem = new TextEncoder().encode(idp.publicPem);
  const judged = (text: string) => readAssertion(encoded(text), "idp", issuer, issuer.saml as NonNullable<Issuer["saml"]>, { clock, readFile: () => pem, hash: (_, id) => id, used: { take: () => "fresh" } });
  const well = judged(xml);
  expect(well).toMatchObject({ claims: { sub: "jane.rivera" } });
  fc.assert(
    fc.property(fc.nat(xml.length - 1), fc.nat(3), fc.constantFrom("", "x", "<", ">", '"', "&", "\n", "<!---->", "<a/>", 'ID="', "\u0000", "é"), (at, cut, put) => {
      const said = judged(xml.slice(0, at) + put + xml.slice(at + cut));
      if ("claims" in said) expect(said).toEqual(well);
      else expect(said.code).toMatch(/^SAM-10[124]$/);
    }),
    { numRuns: 400 },
  );
});
