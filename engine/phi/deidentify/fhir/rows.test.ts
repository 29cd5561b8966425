import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { limitedDataSet, safeHarbor } from "./rows.ts";

const schemas = fileURLToPath(new URL("../../../../schemas/deidentify/", import.meta.url));

it("the policies are what the rules say", () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-fhir-"));
  try {
    execFileSync(process.execPath, [join(schemas, "make-fhir.ts"), folder]);
    for (const name of ["fhir-safe-harbor.json", "fhir-limited-data-set.json"]) expect(readFileSync(join(folder, name), "utf8"), name).toBe(readFileSync(join(schemas, name), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("Safe Harbor keeps nothing that a limited data set removes", () => {
  const kept = [...safeHarbor.actions].filter(([path, action]) => action !== "rm" && limitedDataSet.actions.get(path) === "rm");
  expect(kept).toEqual([]);
});
