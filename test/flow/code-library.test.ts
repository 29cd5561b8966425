import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { loadProject, type ProjectError } from "../../engine/cli/compose.ts";
import { Arrivals } from "../simulators/arrivals.ts";
import { mllpPeer } from "../simulators/mllp-peer.ts";
import { engineOnDisk, eventually, freePort, sendMllp } from "./engine-on-disk.ts";
import { channelYaml, oru, partnersYaml, type SmallPorts, sluiceYaml } from "./small-project.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

test("a library file is part of the channel's revision: its edit is reloaded, and what was accepted before keeps the old one", async () => {
  const ports: SmallPorts = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  const yaml = channelYaml(ports).replace(/ {2}ehr:\n[\s\S]*?(?= {2}ward:)/, "").replace(/transform: \|\n.*\n/, "transform: { file: transforms/ward.ts }\n").replace("attempts: 3", "attempts: 0");
  const lib = (word: string) => `import { end } from "./end.js";\nexport const word: string = "${word}" + end;\n`;
  const disk = await engineOnDisk({
    "sluice.yaml": sluiceYaml,
    "partners.yaml": partnersYaml(ports),
    "results.yaml": yaml,
    "transforms/ward.ts": 'import { word } from "../lib/word.ts";\nimport type { Hl7Message } from "../types/hl7.ts";\nexport default (msg: Hl7Message) => { msg.set("MSH-3", word); };\n',
    "lib/word.ts": lib("FIRST"),
    "lib/end.js": 'export const end = "!";\n',
  });
  open.push(disk);
  const save = (file: string, text: string) => writeFileSync(join(disk.root, file), text);
  const lane = () => disk.engine.operations.status().lanes[0];
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => lane()?.status.kind === "retrying");

  save("lib/end.js", 'export const end = "?";\n');
  expect(await disk.engine.reload(await loadProject(disk.root))).toMatchObject({ changed: ["results"] });
  await sendMllp(ports.source, oru("C2"));

  rmSync(join(disk.root, "lib/word.ts"));
  const broken = await disk.engine.reload(await loadProject(disk.root)).catch((error: unknown) => error);
  expect((broken as ProjectError).diagnostics).toEqual([expect.objectContaining({ code: "SBX-103", at: expect.objectContaining({ file: "transforms/ward.ts", line: 1 }) })]);

  const arrivals = new Arrivals();
  const server = mllpPeer(arrivals);
  await new Promise<void>((resolve) => server.listen(ports.ward, "127.0.0.1", resolve));
  open.push(server);
  await eventually(() => lane()?.ends.delivered === 2);
  expect(arrivals.all().map(({ body }) => body.split("|")[2])).toEqual(["FIRST!", "FIRST?"]);
});
