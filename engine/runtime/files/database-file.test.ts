import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isReleased, seal } from "../../phi/release.ts";
import { EngineError } from "../../sdk/index.ts";
import { systemClock, systemRandom } from "../clock.ts";
import { Files } from "./files.ts";

let base: string;
let files: Files;
const at = (...parts: string[]) => join(base, ...parts);

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "sluice-database-")));
  for (const folder of ["project/secrets", "project/out", "data", "elsewhere"]) mkdirSync(at(folder), { recursive: true });
  files = new Files({ clock: systemClock, random: systemRandom, root: at("project"), data: at("data"), endpointOf: (_, url) => ({ id: url, url }), isReleased });
});
afterEach(async () => {
  await files.close();
  rmSync(base, { recursive: true, force: true });
});

const failure = async (promise: Promise<unknown>) =>
  promise.then(() => "opened", (error) => (error instanceof EngineError ? error.code : String(error)));

test("a pinned file is opened or made, and no statement leads out of it", async () => {
  for (const url of [`sqlite://${at("elsewhere/w.db")}`, "sqlite://./out/w.db"]) {
    const { database } = await files.database("warehouse", url);
    database.exec("create table visits (id integer)");
    expect(() => database.exec(`attach database '${at("data/other.db")}' as other`)).toThrow();
  }
  expect([existsSync(at("elsewhere/w.db")), existsSync(at("project/out/w.db")), existsSync(at("data/other.db"))]).toEqual([true, true, false]);
});

test("folders of the engine and the project, links and what is no database are refused", async () => {
  symlinkSync(at("elsewhere/w.db"), at("project/out/link.db"));
  writeFileSync(at("project/secrets/key"), "x");
  for (const [url, code] of [
    [`sqlite://${at("data/w.db")}`, "DIR-102"],
    ["sqlite://./secrets/w.db", "DIR-102"],
    ["sqlite://./out/link.db", "DIR-206"],
    ["sqlite://./none/w.db", "DIR-101"],
    ["sqlite://./../elsewhere/w.db", "NET-202"],
    ["file://./out/w.db", "NET-202"],
  ] as const) expect([url, await failure(files.database("warehouse", url))]).toEqual([url, code]);
});

test("one attempt gets the released body once", async () => {
  const released = seal("warehouse", { endpoint: "sqlite://./out/w.db", body: new TextEncoder().encode("{}") });
  const stop = new AbortController();
  const { body } = await files.databaseFor(released, stop.signal);
  expect(new TextDecoder().decode(body())).toBe("{}");
  expect(await failure(files.databaseFor(released, stop.signal))).toBe("NET-214");
  expect(await failure(files.databaseFor({ ...released }, stop.signal))).toBe("NET-201");
  stop.abort();
  expect(await failure(files.databaseFor(released, stop.signal))).toBe("NET-210");
});
