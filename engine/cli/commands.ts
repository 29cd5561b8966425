import type { Command } from "./command.ts";

/** Every command by name, loaded when called. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import("./init.ts")).init,
  lint: async () => (await import("./lint.ts")).lint,
  test: async () => (await import("./test.ts")).test,
  run: async () => (await import("./run.ts")).run,
  demo: async () => (await import("./demo.ts")).demo,
  send: async () => (await import("./send.ts")).send,
  inspect: async () => (await import("./inspect.ts")).inspect,
  message: async () => (await import("./message.ts")).message,
  dead: async () => (await import("./dead.ts")).dead,
  top: async () => (await import("./top.ts")).top,
};
