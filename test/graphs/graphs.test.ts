import { describe, expect, test } from "vitest";
import { projectOf } from "./build.ts";
import { legalPlan } from "./legal.ts";
import { errorsInFiles, errorsOf } from "./lint.ts";
import { type Mutation, mutations } from "./mutations.ts";
import type { Plan } from "./plan.ts";
import { Seeded } from "./seeded.ts";

const wanted = 200;
/** Every other project goes through its files. */
const isRead = (seed: number) => seed % 2 === 0;

function errors(plan: Plan, throughFiles: boolean) {
  return throughFiles ? errorsInFiles(plan).errors : errorsOf(projectOf(plan));
}

/** A legal project with one mistake of this kind; another seed where the project has no place for it. */
function illegal(mutation: Mutation, from: number): { readonly plan: Plan; readonly at: string; readonly seed: number } {
  for (let seed = from; seed < from + 5000; seed++) {
    const plan = legalPlan(seed);
    const at = mutation.make(plan, new Seeded(seed + 1));
    if (at !== undefined) return { plan, at, seed };
  }
  throw new Error(`no project for: ${mutation.name}`);
}

test(`${wanted} legal projects are accepted`, () => {
  const refused: unknown[] = [];
  for (let seed = 0; seed < wanted; seed++) {
    const found = errors(legalPlan(seed), isRead(seed));
    if (found.length > 0) refused.push({ seed, found: found.map(({ code, message, at }) => `${at.file} ${code} ${message}`) });
  }
  expect(refused).toEqual([]);
});

describe("one mistake is refused by its own rule, at its place", () => {
  const rounds = Math.ceil(wanted / mutations.length);
  let made = 0;

  test.each(mutations)("$code: $name", (mutation) => {
    for (let round = 0; round < rounds; round++) {
      const { plan, at, seed } = illegal(mutation, round * 131 + 7);
      const throughFiles = mutation.inFilesOnly === true || isRead(round);
      const found = errors(plan, throughFiles);
      const said = found.map(({ code, message, at: place }) => `${place.file} ${code} ${message}`).join("\n");
      expect(new Set(found.map(({ code }) => code)), `seed ${seed}, ${at}\n${said}`).toEqual(new Set([mutation.code]));
      const [file = ""] = /^.*?\.yaml/.exec(at) ?? [];
      const places = found.map(({ at: place }) => place.file);
      expect(throughFiles ? places.includes(file) : places.some((place) => place === at || place.startsWith(`${at}/`)), `seed ${seed}, ${at}\n${said}`).toBe(true);
      expect(found.every(({ help }) => help !== undefined && help.length > 10)).toBe(true);
      made++;
    }
  });

  test("so many were made", () => {
    process.stdout.write(`${made} illegal projects refused by the right rule, ${wanted} legal ones accepted\n`);
    expect(made).toBeGreaterThanOrEqual(wanted);
  });
});
