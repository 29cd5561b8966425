import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["engine/**/*.test.ts", "connectors/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    maxWorkers: 2,
    // Real processes and sockets on a machine with neighbours: CI tries a test once more, and names what needed it ("retry x1"): each is a fault to find.
    retry: process.env["CI"] === undefined ? 0 : 1,
  },
});
