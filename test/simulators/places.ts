import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Arrival, Arrivals } from "./arrivals.ts";
import type { Simulator } from "./simulator.ts";

/** Where the example's partners that are no server look for what is theirs, below the project. */
const registryFolder = "out/registry";
const warehouseFile = "out/warehouse.db";

/** What these partners have done before anything is sent to them: a folder, and a table of their own making. */
export function preparePlaces(root: string): void {
  mkdirSync(join(root, registryFolder), { recursive: true });
  const database = new DatabaseSync(join(root, warehouseFile));
  database.exec(readFileSync(join(root, "warehouse/visits.sql"), "utf8"));
  database.close();
}

/** A registry that collects files: each is an arrival as soon as its name can be seen. */
export const registry = place("registry", (root) => {
  const folder = join(root, registryFolder);
  const names = () => (existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith(".")) : []);
  const seen = new Set(names());
  return () =>
    names().flatMap((name) => {
      if (seen.has(name)) return [];
      seen.add(name);
      return [{ path: `/${name}`, headers: {}, body: readFileSync(join(folder, name), "utf8") }];
    });
});

/** A warehouse in a database file: each row of its table is an arrival. */
export const warehouse = place("warehouse", (root) => {
  const file = join(root, warehouseFile);
  let last = -1;
  const rows = (): readonly Arrival[] => {
    if (!existsSync(file)) return [];
    const database = new DatabaseSync(file, { readOnly: true, timeout: 2000 });
    try {
      const found = database.prepare("select rowid as place, * from visits where rowid > ? order by rowid").all(last);
      return found.map(({ place, ...row }) => {
        last = Number(place);
        return { path: "/visits", headers: {}, body: JSON.stringify(row) };
      });
    } finally {
      database.close();
    }
  };
  rows();
  return rows;
});

/** A partner who comes and looks; where no project is known there is nothing to look at. */
function place(name: string, look: (root: string) => () => readonly Arrival[]): Simulator<undefined> {
  return {
    name,
    port: 0,
    start: async (_port, arrivals: Arrivals, _at, root) => {
      const news = root === undefined ? () => [] : look(root);
      const take = () => {
        for (const arrival of news()) arrivals.push(arrival);
      };
      const timer = setInterval(take, 50);
      return {
        port: 0,
        told: undefined,
        close: async () => {
          clearInterval(timer);
          take();
        },
      };
    },
  };
}
