import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadProject } from "../../cli/compose.ts";
import { policyFile } from "../../runtime/policy-files.ts";
import { policies } from "../policies/manifest.ts";
import { policyIn } from "../policies/policy.ts";
import { policyFindings } from "./policy-data.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const root = fileURLToPath(new URL("../../../", import.meta.url));

test("the list in schemas/policy.json is what the files say; npm run policies writes it", () => {
  expect(() => execFileSync(process.execPath, ["engine/cli/policies.ts", "--check"], { cwd: root, stdio: "pipe" })).not.toThrow();
  expect(policies.length).toBeGreaterThan(2);
});

test("no policy is due for review today", () => {
  expect(policyFindings(policies, { now: Date.now(), policyFile })).toEqual([]);
});

describe("L21", () => {
  const [first, ...rest] = policies.map((policy) => ({ ...policy }));
  const tampered = (path: string) => (path === first?.file ? new Uint8Array([...(policyFile(path) ?? []), 32]) : policyFile(path));

  test("a file that differs by one space, or is gone, is an error", () => {
    expect(policyFindings(policies, { now, policyFile: tampered })).toMatchObject([{ level: "error", message: expect.stringContaining(`schemas/${first?.file} was changed`) }]);
    expect(policyFindings(policies, { now, policyFile: () => undefined })).toHaveLength(policies.length);
  });

  test("the day of review itself is in time; the day after is a warning", () => {
    const due = { ...(first as NonNullable<typeof first>), reviewBy: "2026-11-22" };
    expect(policyFindings([due, ...rest], { now, policyFile })).toEqual([]);
    expect(policyFindings([due, ...rest], { now: now + 86_400_000, policyFile })).toMatchObject([{ level: "warning", message: expect.stringContaining("by 2026-11-22") }]);
  });

  test("a project does not load with a policy that differs, and does with the one released", async () => {
    const channels = `${root}channels`;
    await expect(loadProject(channels, { assumeSecrets: true, policyFile: tampered })).rejects.toMatchObject({
      code: "RUN-101", diagnostics: expect.arrayContaining([expect.objectContaining({ code: "PHI-121", level: "error" })]),
    });
    await expect(loadProject(channels, { assumeSecrets: true })).resolves.toMatchObject({ warnings: [] });
  });
});

test.each(['{"id":"a","version":1}', '{"id":"A b","version":1,"reviewBy":"2027-01-01"}', '{"id":"a","version":1.5,"reviewBy":"2027-01-01"}', '{"id":"a","version":1,"reviewBy":"2027-13-01"}', "[]", "{"])("%s is no policy", (text) => {
  expect(policyIn("a/b.json", new TextEncoder().encode(text))).toBeUndefined();
});
