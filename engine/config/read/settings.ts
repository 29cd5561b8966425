import { checkOf } from "../check/check.ts";
import type { Settings } from "../project.ts";
import { settingsSchema } from "../schema/settings.ts";
import { placed } from "../yaml/place.ts";
import { checkFile } from "./checked-file.ts";
import { readIdentity } from "./identity.ts";
import { readKeeping } from "./keeping.ts";
import { type Reading, readYaml, startOf } from "./reading.ts";
import { bytes, choice, list, map, milliseconds, number, optional, text, texts } from "./tolerant.ts";

const check = checkOf(settingsSchema);

/** `sluice.yaml`. Where it is missing or broken, its defaults let the reading go on. */
export function readSettings(reading: Reading): Settings {
  const file = "sluice.yaml";
  const node = readYaml(reading, file) ?? { kind: "map", at: startOf(file), entries: [] } as const;
  const isRead = node.kind !== "map" || node.entries.length > 0;
  const checked = isRead ? checkFile(reading, file, node, check) : undefined;
  const value = map(checked?.value);
  const sandbox = map(value.sandbox);
  const budget = map(value.budget);
  return {
    place: checked?.place ?? placed(file, node),
    name: text(value.name),
    owner: text(value.owner, text(value.name)),
    data: text(value.data, ".sluice"),
    console: { port: number(map(value.console).port, 8040) },
    connectors: texts(value.connectors),
    trusted: texts(value.trusted),
    sandbox: {
      walls: choice(sandbox.walls, ["full", "reduced"], "full"),
      timeoutMs: milliseconds(sandbox.timeout),
      memoryMb: bytes(sandbox.memory) / 1024 ** 2,
    },
    budget: { engineBytes: bytes(budget.engine), laneBytes: bytes(budget.lane) },
    people: list(value.people).map(map).map((person) => ({ name: text(person.name), key: text(person.key), wrote: texts(person.wrote) })),
    ...optional("keep", readKeeping(value.keep)),
    ...optional("identity", value.identity === undefined ? undefined : readIdentity(value.identity)),
    ...optional("drugSchedules", value.drugSchedules as string | undefined),
    disclosures: optional("anchor", map(value.disclosures).anchor === undefined ? undefined : text(map(value.disclosures).anchor)),
    store: { minFreeBytes: bytes(map(value.store).minFree) },
  };
}
