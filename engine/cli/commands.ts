import type { Command } from "./command.ts";

/** Every command by name, loaded when called. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import("./init.ts")).command,
  lint: async () => (await import("./lint.ts")).command,
  test: async () => (await import("./test.ts")).command,
  doctor: async () => (await import("./doctor.ts")).command,
  schema: async () => (await import("./schema.ts")).command,
  explain: async () => (await import("./explain.ts")).command,
  dev: async () => (await import("./dev.ts")).command,
  run: async () => (await import("./run.ts")).command,
  simulate: async () => (await import("./simulate.ts")).command,
  demo: async () => (await import("./demo.ts")).command,
  send: async () => (await import("./send.ts")).command,
  inspect: async () => (await import("./inspect.ts")).command,
  message: async () => (await import("./message.ts")).command,
  lane: async () => (await import("./lane.ts")).command,
  replay: async () => (await import("./replay.ts")).command,
  prune: async () => (await import("./prune.ts")).command,
  keys: async () => (await import("./keys.ts")).command,
  backup: async () => (await import("./backup.ts")).command,
  restore: async () => (await import("./restore.ts")).command,
  dead: async () => (await import("./dead.ts")).command,
  tail: async () => (await import("./tail.ts")).command,
  top: async () => (await import("./top.ts")).command,
};
