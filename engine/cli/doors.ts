import { accessRecord, controlPath, serveConsole, serveControl } from "../console/index.ts";
import { boundaryMap, svg, unmarked } from "../map/index.ts";
import { systemClock } from "../runtime/clock.ts";
import type { RunningEngine } from "./compose.ts";

export interface Doors {
  /** Address of the console page. */
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the console on loopback and the control socket that the command line uses. Port 0 takes a free one. */
export async function openDoors(engine: RunningEngine, port: number): Promise<Doors> {
  const { operations, data } = engine;
  const control = await serveControl({ operations, path: controlPath(data), access: accessRecord(data, systemClock.now) });
  try {
    const page = await serveConsole({ operations, port, map: () => mapOf(engine) });
    return {
      url: page.url,
      close: async () => {
        await page.close();
        await control.close();
      },
    };
  } catch (error) {
    await control.close();
    throw error;
  }
}

/** Of the project as it runs, with the agreements of this moment. */
function mapOf({ project }: RunningEngine): string {
  const map = boundaryMap(project, systemClock.now());
  return svg(map, unmarked(map));
}
