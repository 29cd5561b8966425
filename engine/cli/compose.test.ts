import { expect, test } from "vitest";
import type { Channel, Project } from "../config/project.ts";
import { Closers } from "./closers.ts";
import { type LoadedProject, loadSandbox } from "./compose.ts";

test("what is open is closed last first and once, also behind one that fails; the first error is told", async () => {
  const closed: string[] = [];
  const closers = new Closers();
  closers.add(() => closed.push("store"));
  closers.add(() => Promise.reject(new Error("second")));
  closers.add(async () => closed.push("sockets"));
  closers.add(() => {
    throw new Error("first");
  });
  await expect(closers.close()).rejects.toThrow("first");
  expect(closed).toEqual(["sockets", "store"]);
  await closers.close();
  expect(closed.length).toBe(2);
});

test("a sandbox that cannot load its channels leaves no process behind", async () => {
  const workers = () => process.getActiveResourcesInfo().filter((kind) => kind === "ProcessWrap").length;
  const before = workers();
  const sandbox = { walls: "reduced", timeoutMs: 1000, memoryMb: 32 };
  const channels = [{ name: "broken" } as Channel];
  const project = { settings: { sandbox }, channels } as unknown as Project;
  await expect(loadSandbox({ project, sources: new Map() } as unknown as LoadedProject)).rejects.toThrow();
  await expect.poll(workers, { timeout: 5000 }).toBe(before);
});
