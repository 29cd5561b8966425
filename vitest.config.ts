import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Of what crosses rooms, what is quick or says most: it runs with the tests beside the code. */
const first = ["test/architecture.test.ts", "test/errors.test.ts", "test/flow/crossing.test.ts", "test/golden/lint.test.ts", "test/graphs/*.test.ts", "test/hostile/*.test.ts"];

// Engines, workers and threads that tests start take the types out of hundreds of files each; what `sluice` itself keeps for that (decision 0046) is theirs too.
const compiled = join(import.meta.dirname, "node_modules/.sluice");
mkdirSync(compiled, { recursive: true, mode: 0o700 });
process.env["NODE_COMPILE_CACHE"] ??= compiled;

export default defineConfig({
  test: {
    // A poll ends as soon as it holds: long limits cost nothing, and a slow machine needs them.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    pool: "forks",
    maxWorkers: 2,
    // Real processes and sockets on a machine with neighbours: CI tries a test once more, and names what needed it ("retry x1"): each is a fault to find.
    retry: process.env["CI"] === undefined ? 0 : 1,
    expect: { poll: { timeout: 40_000 } },
    projects: [
      { extends: true, test: { name: "rooms", include: ["engine/**/*.test.ts", "connectors/**/*.test.ts", ...first] } },
      { extends: true, test: { name: "whole", include: ["test/**/*.test.ts"], exclude: first } },
    ],
  },
});
