import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { callControl } from "./control-client.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A socket that takes a connection and breaks it, as an engine does that ends at this moment. */
async function breaking(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-control-"));
  const path = join(folder, "control.sock");
  const server: Server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  open.push(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
  return path;
}

test("an engine that ends while it is asked is no engine", async () => {
  await expect(callControl(await breaking(), "GET", "/api/alive")).rejects.toMatchObject({ code: "CLI-101" });
});

test("of an order that broke off nobody says that there was no engine", async () => {
  await expect(callControl(await breaking(), "POST", "/api/lanes/pause", {})).rejects.not.toMatchObject({ code: "CLI-101" });
});
