import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseYaml } from "../../engine/config/yaml/parse.ts";
import { corpus } from "./corpus.ts";

const { absent, files, read } = corpus("yaml-test-suite");

interface Case {
  readonly yaml?: string;
  readonly tree?: string;
  readonly fail?: boolean;
}

/** Valid YAML that a project may not use, by the code of the refusal: nothing there is refused as broken. */
const declined = new Set(["CFG-103", "CFG-104", "CFG-105", "CFG-106", "CFG-107", "CFG-108", "CFG-110", "CFG-111"]);

/** And what no project has, by what is said of it. */
const shapes = /^(?:a file holds one document|a key must be a word, not a list or a map|the file is empty)$/;

/** Valid in the suite and refused here: a directive with a word too many, which no project has either. */
const refused = new Set(["ZYU8.yaml 2"]);

/** The suite shows characters that cannot be seen; what a case leaves out it takes from the one before. */
function shown(text: string): string {
  return text.replaceAll("␣", " ").replace(/—*»/g, "\t").replaceAll("⇔", "\uFEFF").replaceAll("↵", "").replaceAll("←", "\r").replace(/∎\n$/, "");
}

test.skipIf(absent)("YAML: what must fail is refused with a place, and what is valid is read or declined by a rule of its own", () => {
  let failing = 0;
  let reading = 0;
  const wrong: unknown[] = [];
  for (const file of files) {
    const cases = parse(read(file).toString("utf8")) as Case[];
    let fail = false;
    for (const [at, each] of cases.entries()) {
      const text = shown(each.yaml ?? cases[0]?.yaml ?? "");
      fail = each.fail ?? (each.tree === undefined && fail);
      const { node, diagnostics } = parseYaml(file, text);
      const errors = diagnostics.filter(({ level }) => level === "error");
      if (diagnostics.some(({ at: place }) => place.line < 1 || place.column < 1)) wrong.push([file, at, "no place"]);
      if (fail) {
        failing++;
        if (errors.length === 0) wrong.push([file, at, "read although it must fail"]);
      } else if (refused.has(`${file} ${at}`)) {
        if (errors.length === 0) wrong.push([file, at, "no longer refused"]);
      } else {
        reading++;
        if (node === undefined && errors.length === 0) wrong.push([file, at, "neither read nor refused"]);
        for (const { code, message } of errors) if (!declined.has(code) && !shapes.test(message)) wrong.push([file, at, `refused by ${code}`]);
      }
    }
  }
  expect([failing, reading].every((count) => count > 5)).toBe(true);
  expect(wrong).toEqual([]);
});
