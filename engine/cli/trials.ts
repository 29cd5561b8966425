import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trialAlerts, trialCases } from "../cases/index.ts";
import type { FlowPorts } from "../flow/ports.ts";
import { drugSchedulesOf } from "../phi/controlled/index.ts";
import { createBoundary } from "../phi/index.ts";
import { systemClock, systemRandom } from "../runtime/clock.ts";
import { Events } from "../runtime/events.ts";
import { opaqueIds } from "../runtime/identity-key.ts";
import type { TrialParts } from "../runtime/trial.ts";
import { openStore } from "../store/index.ts";
import { compileProject, type LoadedProject, loadSandbox } from "./compose.ts";

/** A place for trials: the real path over a store of its own that is thrown away, with a sandbox and without a socket. */
export interface Trials {
  /** The project as of now. */
  readonly parts: TrialParts;
  /** Goes on with the project as it was read now; throws `ProjectError` when its code has mistakes. */
  adopt(loaded: LoadedProject): Promise<void>;
  close(): Promise<void>;
}

/** Throws `ProjectError` when the code of the project has mistakes. */
export async function openTrials(loaded: LoadedProject): Promise<Trials> {
  const sandbox = await loadSandbox(loaded);
  const folder = mkdtempSync(join(tmpdir(), "sluice-trial-"));
  const close = async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const store = await openStore({ dir: folder, clock: systemClock, random: systemRandom, minFreeBytes: 0, allowVolatile: true });
    let { project, registry } = loaded;
    const ports: FlowPorts = {
      clock: systemClock,
      random: systemRandom,
      store,
      sandbox,
      boundary: createBoundary(),
      // A key of zeros: what code draws at random is the same in every run of a test.
      opaqueId: opaqueIds(new Uint8Array(32)),
      partner: (name) => project.partners.get(name),
      revision: async () => undefined,
      drugSchedules: () => drugSchedulesOf(project),
      events: new Events(systemClock, () => {}),
      cases: trialCases,
      alerts: trialAlerts,
    };
    return {
      get parts() {
        return { project, registry, ports };
      },
      async adopt(next) {
        const known = new Set(project.channels.map(({ name, revision }) => `${name}@${revision}`));
        await compileProject(next, sandbox, next.project.channels.filter(({ name, revision }) => !known.has(`${name}@${revision}`)));
        ({ project, registry } = next);
      },
      async close() {
        await store.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
