import { existsSync } from "node:fs";
import { join } from "node:path";
import { caseFileName, readCaseFile, WorkBook } from "../cases/index.ts";
import { readProject } from "../config/index.ts";
import type { Channel } from "../config/project.ts";
import { accessNotice, accessRecord, partsOf, show, timelineOf } from "../console/index.ts";
import { laneOf } from "../flow/stored.ts";
import { systemClock, systemRandom } from "../runtime/clock.ts";
import { pageOf, turnOf } from "../runtime/operator/entries.ts";
import { builtInConnectors } from "../runtime/registry.ts";
import { EngineError } from "../sdk/index.ts";
import { openReader, openStore, type Store, type MessageDetail, type MessageId } from "../store/index.ts";
import type { Door, LaneChoice } from "./door.ts";

/** The record of an engine that does not run. */
export function recordDoor(root: string, data: string): Door {
  const reader = openReader(data);
  const access = accessRecord(data, systemClock.now);
  let ledger: Promise<Store> | undefined;
  const detail = (id: MessageId): MessageDetail => {
    const found = reader.message(id);
    if (!found) throw new EngineError("CON-104", { message: id });
    return found;
  };
  return {
    live: false,
    messages: async ({ selection: { partner, ids: _, ...search }, ...page }) => {
      const find = (lanes?: readonly string[]) => pageOf(reader, { ...search, ...page, ...(lanes && { lanes }) }, systemClock, turnOf(systemClock));
      if (partner === undefined) return find();
      const lanes = await lanesOfPartner(root, { partner, ...(search.lanes && { lanes: search.lanes }) });
      return Object.assign(await find(lanes), { lanes });
    },
    timeline: async (id) => timelineOf(detail(id)),
    contents: async (id, wanted) => {
      const found = detail(id);
      if (wanted) {
        const seen = { message: id, ...wanted, parts: partsOf(found) };
        access.record(seen);
        // This process owns the record while it writes: an engine that starts meanwhile is refused, and so is this when one runs.
        ledger ??= openStore({ dir: data, clock: systemClock, random: systemRandom, createKey: false, follow: false });
        await (await ledger).disclose(accessNotice(seen));
      }
      return show(found, await channelOf(root, found.channel), wanted?.purpose, wanted?.as);
    },
    views: async (id) => access.views(id),
    work: async (query) => {
      if (!existsSync(join(data, caseFileName))) return [];
      const db = readCaseFile(data);
      try {
        return new WorkBook(db).list(query);
      } finally {
        db.close();
      }
    },
    close: async () => {
      reader.close();
      await (await ledger)?.close();
    },
  };
}

async function channelOf(root: string, name: string): Promise<Channel | undefined> {
  const { project } = readProject(root, { connectors: await builtInConnectors() });
  return project?.channels.find((channel) => channel.name === name);
}

/** The record knows lanes alone; whose they are stands in the project. */
async function lanesOfPartner(root: string, { partner, lanes }: LaneChoice): Promise<readonly string[]> {
  const { project } = readProject(root, { connectors: await builtInConnectors() });
  const toward = (project?.channels ?? []).flatMap((channel) =>
    channel.destinations.filter((destination) => destination.partner === partner || channel.source.partner === partner).map((destination) => laneOf(channel.name, destination.name)),
  );
  if (toward.length === 0) throw new EngineError("RUN-201", { partner });
  return lanes === undefined ? toward : toward.filter((lane) => lanes.includes(lane));
}
