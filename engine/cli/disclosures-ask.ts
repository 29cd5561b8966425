import { dataFolder } from "../config/read/data-folder.ts";
import { readProject } from "../config/index.ts";
import { actor, controlPath } from "../console/index.ts";
import type { Purpose } from "../console/purposes.ts";
import { systemClock, systemRandom } from "../runtime/clock.ts";
import { builtInConnectors } from "../runtime/registry.ts";
import { EngineError } from "../sdk/error.ts";
import { callControl } from "./control-client.ts";

export interface Question {
  readonly what: "patient" | "partner" | "export";
  readonly purpose: Purpose;
  readonly partner?: string;
  readonly owner?: string;
  readonly id?: string;
}

/**
 * Puts a question into the ledger before it is answered: by the engine while it runs, else by this process. Gives the hash by which the ledger knows
 * the patient that is asked about.
 */
export async function askLedger(root: string, question: Question): Promise<string> {
  const data = dataFolder(root);
  try {
    const { patient = "" } = await callControl<{ readonly patient?: string }>(controlPath(data), "POST", "/api/disclosures/ask", question);
    return patient;
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "CLI-101") throw error;
  }
  const { openStore } = await import("../store/index.ts");
  const { recordExists } = await import("../store/record.ts");
  if (!recordExists(data)) throw new EngineError("DIS-101");
  const { what, purpose, partner, owner, id } = question;
  const store = await openStore({ dir: data, clock: systemClock, random: systemRandom, createKey: false, follow: false });
  try {
    const isAbout = owner !== undefined && id !== undefined;
    await store.disclose({ kind: "query", what, purpose, actor: actor(), ...(partner !== undefined && { partner }), ...(isAbout && { patient: { patients: [{ owner, ids: [id] }], more: 0 } }) });
    return isAbout ? store.keyedId("patient", owner, id) : "";
  } finally {
    await store.close();
  }
}

/** For whom this installation holds its data. */
export async function ownerOf(root: string): Promise<string> {
  const { project } = readProject(root, { connectors: await builtInConnectors() });
  if (!project) throw new EngineError("RUN-101");
  return project.settings.owner;
}
