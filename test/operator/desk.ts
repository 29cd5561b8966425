import type { Server } from "node:http";
import { main } from "../../engine/cli/main.ts";
import { sampleTerminal } from "../../engine/cli/sample-terminal.ts";
import { EngineProcess } from "../ledger/engine-process.ts";
import { Arrivals } from "../simulators/arrivals.ts";
import { httpPeer } from "../simulators/http-peer.ts";
import { ehrReply } from "../simulators/replies.ts";
import { type BigStore, bigStore, pickyWard } from "./big-store.ts";
import type { Desk } from "./ten-tasks.ts";

/** The big record with its engine in a process of its own, and its partners. */
export interface Office extends Pick<Desk, "store" | "ehr" | "ward" | "eventually"> {
  close(): Promise<void>;
}

/** `searchMs`: it is open when a search of the record takes less. */
export async function openOffice(count: number, searchMs = 300): Promise<Office> {
  const store: BigStore = await bigStore(count);
  const ehr = new Arrivals();
  const peer: Server = httpPeer(ehr, ehrReply);
  const ward = pickyWard();
  await new Promise<void>((resolve) => peer.listen(store.ports.ehr, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => ward.server.listen(store.ports.ward, "127.0.0.1", resolve));
  const engine = new EngineProcess(store.root);
  const close = async () => {
    await engine.kill();
    peer.closeAllConnections();
    await new Promise<void>((resolve) => peer.close(() => resolve()));
    await ward.close();
    store.remove();
  };
  try {
    await engine.ready;
  } catch (error) {
    await close();
    throw error;
  }
  // An engine that has run for two days has its search index; this one has had seconds. What is not in it is found too, more slowly.
  await eventually(async () => {
    const searches = [["--control-id", "NOBODY"], ["--partner", "ehr", "--state", "delivered", "--settled-at", "02:13", "--limit", "1000"]];
    const began = performance.now();
    const said: string[] = [];
    for (const search of searches) {
      const terminal = sampleTerminal({ cwd: store.root });
      await main(["message", "list", "--json", ...search], terminal);
      said.push(...terminal.errs);
    }
    return said.length === 0 && performance.now() - began < searchMs;
  }, 90_000);
  return { store, ehr, ward: ward.taken, eventually, close };
}

async function eventually(check: () => boolean | Promise<boolean>, ms = 90_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error("did not come to hold in time");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
