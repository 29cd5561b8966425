import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ConnectorDefinition } from "../index.ts";
import { optionRows, optionTables } from "./options.ts";

/** What a connector says of itself: its declaration, its manifest, its README. */
export function declarationSuite(definition: ConnectorDefinition, folder: URL): void {
  const read = (file: string) => readFileSync(new URL(file, folder), "utf8");

  describe("declaration", () => {
    test("has a name fit for YAML, a summary and at least one direction", () => {
      expect(definition.name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(definition.summary.length).toBeGreaterThan(10);
      expect(definition.source ?? definition.destination).toBeDefined();
    });

    test("every option has a description, and a default or an example", () => {
      const schemas = [definition.source?.options, definition.destination?.options].filter((schema) => schema !== undefined);
      const unexplained = schemas.flatMap((schema) => optionRows(schema)).filter((row) => !row.explained);
      expect(unexplained.map((row) => row.name)).toEqual([]);
    });

    test("unknown options are refused", () => {
      for (const side of [definition.source, definition.destination])
        if (side) expect(side.options).toHaveProperty("additionalProperties", false);
    });

    test("the manifest says the same", () => {
      const manifest = read("connector.yaml").split("\n");
      const line = (key: string) => manifest.find((text) => text.startsWith(`${key}:`)) ?? "";
      const { name, standard, source, destination } = definition;
      expect([line("connector"), line("standard")]).toEqual([`connector: ${name}`, `standard: ${standard}`]);
      expect(line("owners")).toMatch(/\["@[^"]+"/);
      for (const [key, side] of Object.entries({ source, destination })) {
        if (side) expect(line(key)).toContain(`formats: [${side.formats.join(", ")}]`);
        else expect(line(key)).toBe("");
      }
      if (destination) expect(line("destination")).toContain(`ordered: ${destination.ordered}, idempotent: ${destination.idempotent}`);
    });

    test("the README holds the option tables of the declaration", () => {
      expect(read("README.md")).toContain(optionTables(definition));
    });
  });
}
