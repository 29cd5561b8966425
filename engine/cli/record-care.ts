import { existsSync } from "node:fs";
import { dataFolder } from "../config/read/data-folder.ts";
import { controlPath } from "../console/control-path.ts";
import { systemClock, systemRandom } from "../runtime/clock.ts";
import { EngineError } from "../sdk/error.ts";
import type { BackupReport, PruneReport, Store, StoreCare } from "../store/store.ts";
import type { Terminal } from "./command.ts";
import { callControl } from "./control-client.ts";

/** What is done to the record as a whole: by the engine while it runs, else by this process, which then owns the record. */
export interface RecordCare {
  prune(apply: boolean): Promise<PruneReport>;
  rotateKey(): Promise<void>;
  backup(to: string, withKeys: boolean): Promise<BackupReport>;
}

/** A record of years takes its time. */
const patienceMs = 6 * 3_600_000;
const tellMs = 5_000;

export async function withRecord<T>(root: string, terminal: Terminal, work: (care: RecordCare) => Promise<T>): Promise<T> {
  const path = controlPath(dataFolder(root));
  const post = <A>(url: string, body: unknown) => callControl<A>(path, "POST", url, body, patienceMs);
  const live: RecordCare = {
    prune: (apply) => post("/api/record/prune", { apply }),
    rotateKey: async () => void (await post("/api/record/rotate", {})),
    backup: (to, withKeys) => post("/api/record/backup", { to, withKeys }),
  };
  const began = systemClock.monotonic();
  let timer = systemClock.after(tellMs, tell);
  function tell(): void {
    terminal.err(`still at it after ${Math.round((systemClock.monotonic() - began) / 1000)} s`);
    timer = systemClock.after(tellMs, tell);
  }
  try {
    await callControl(path, "GET", "/api/alive");
    return await work(live);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "CLI-101" || !existsSync(dataFolder(root))) throw error;
    return await beside(root, work);
  } finally {
    timer.cancel();
  }
}

/** No engine runs: the lock of the store keeps one from starting meanwhile. */
async function beside<T>(root: string, work: (care: RecordCare) => Promise<T>): Promise<T> {
  const [{ openStore }, { retentionRules }, { loadProject }] = await Promise.all([
    import("../store/index.ts"),
    import("../runtime/operator/retention.ts"),
    import("./compose.ts"),
  ]);
  const { project } = await loadProject(root, { assumeSecrets: true });
  const store: Store & StoreCare = await openStore({ dir: dataFolder(root), clock: systemClock, random: systemRandom, createKey: false });
  try {
    return await work({
      prune: (apply) => store.prune(retentionRules(project, store.counts().map(({ lane }) => lane)), systemClock.now(), !apply),
      rotateKey: () => store.rotateKey(),
      backup: (to, withKeys) => store.backup(to, { withKeys }),
    });
  } finally {
    await store.close();
  }
}
