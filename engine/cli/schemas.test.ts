import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { publishedSchemas } from "../config/index.ts";
import { builtInConnectors } from "../runtime/registry.ts";

const published = publishedSchemas(await builtInConnectors());
const example = fileURLToPath(new URL("../../channels", import.meta.url));

describe("published schemas", () => {
  it.each([...published])("%s is what `npm run schemas` writes now", (name, text) => {
    expect(readFileSync(new URL(`../../schemas/${name}`, import.meta.url), "utf8")).toBe(text);
  });

  it.each([...published])("%s describes every property, with a default or an example", (_, text) => {
    expect(bare(JSON.parse(text), [])).toEqual([]);
  });

  it("are those that the files of the example name to an editor", () => {
    const files = globSync("*.yaml", { cwd: example });
    const named = files.map((file) => /^# yaml-language-server: \$schema=\.\.\/schemas\/(\S+)$/m.exec(readFileSync(`${example}/${file}`, "utf8"))?.[1]);
    expect(named.length).toBeGreaterThan(3);
    expect([...published.keys()]).toEqual(expect.arrayContaining(named));
  });

  it("marks secrets", () => expect(published.get("channel.schema.json")).toContain('"x-secret": true'));
});

/** Paths of properties that an editor could say nothing about. */
function bare(schema: unknown, path: readonly string[]): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (["default", "examples", "required", "enum"].includes(key)) return [];
    const own = key !== "properties" ? [] : Object.entries(value as Record<string, Record<string, unknown>>).flatMap(([name, property]) => {
      const isSaid = typeof property.description === "string" && ("default" in property || "examples" in property || "const" in property || property.type === "object");
      return isSaid ? [] : [[...path, name].join("/")];
    });
    return [...own, ...bare(value, [...path, key])];
  });
}
