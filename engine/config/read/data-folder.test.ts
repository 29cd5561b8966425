import { expect, test } from "vitest";
import { memoryFiles } from "../files.ts";
import { dataFolder } from "./data-folder.ts";

const folder = (sluice?: string) => dataFolder("/p", memoryFiles(sluice === undefined ? {} : { "/p/sluice.yaml": sluice }));

test.each([
  ["the folder that the project names", "name: a\ndata: var/record\n", "/p/var/record"],
  ["an absolute one", "name: a\ndata: /srv/record\n", "/srv/record"],
  ["the default", "name: a\n", "/p/.sluice"],
  ["the one named, beside mistakes", "nmae: a\nconsole: 7\ndata: record\n", "/p/record"],
  ["the default where the file is broken", "name: [\n", "/p/.sluice"],
  ["the default where there is no file", undefined, "/p/.sluice"],
])("%s", (_, sluice, expected) => {
  expect(folder(sluice)).toBe(expected);
});
