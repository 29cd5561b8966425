import { detectFormat, parseHl7 } from "../../../engine/codec/index.ts";
import type { Hl7Profile } from "../../../engine/codec/hl7v2/profile.ts";
import { constraintOf } from "../../../engine/codec/hl7v2/strict/constraints.ts";
import { checkHl7 } from "../../../engine/codec/hl7v2/strict/index.ts";
import { versionIndex, versions } from "../../../engine/codec/hl7v2/dictionary/table.ts";
import { bytesOf, type Corpus, filesIn, type Verdict } from "../corpus.ts";
import { roundTripped } from "../round-trips.ts";
import verdicts from "../verdicts/hl7v2-strict.json" with { type: "json" };

const folders = ["hl7v2/cdc-data-exchange-hl7", "hl7v2/cdc-reportstream-datatests", "hl7v2/cdc-reportstream-mapping", "hl7v2/microsoft-fhir-converter"];
const text = (folder: string, file: string) => bytesOf(folder, file).toString("latin1");
const messagesIn = (folder: string) => filesIn(folder).filter((file) => detectFormat(text(folder, file)) === "hl7v2");

/** Files of a folder that begin as HL7 v2, byte for byte through the codec. */
function hl7In(folder: string): Corpus {
  return { name: folder, cases: () => messagesIn(folder), check: (name) => roundTripped(bytesOf(folder, name), "hl7v2") };
}

/** Read strictly: its structure is known, and every problem has a place in the text. */
function strictIn(folder: string): Corpus {
  return {
    name: `${folder}:strict`,
    cases: () => messagesIn(folder),
    check(name) {
      const hl7 = text(folder, name);
      const problems = checkHl7(parseHl7(hl7));
      const lines = hl7.split(/\r\n|\r|\n/).length;
      const astray = problems.filter(({ code, path, line }) => line < 1 || line > lines || code === "HL7-411" || !/^(?:[A-Z][A-Z0-9]{2}|\?\?\?)(?:\[\d+\])?(?:-\d+(?:\[\d+\])?(?:\.\d+){0,2})?$/.test(path));
      return { ok: astray.length === 0, differs: astray.map(({ code, path }) => `${code} ${path}`).join(" "), figures: { problems: problems.length } };
    },
  };
}

/** For every required field that a message has, once it is emptied: the problem that says so, at its path, and at that path alone. */
function emptiedIn(folder: string): Corpus {
  return {
    name: `${folder}:emptied`,
    cases: () => messagesIn(folder),
    check(name) {
      const message = parseHl7(text(folder, name));
      const before = new Set(checkHl7(message).map(({ code, path }) => `${code} ${path}`));
      const at = versionIndex(message.version) ?? versions.length - 1;
      const missed: string[] = [];
      let fields = 0;
      for (const segment of new Set(message.segments.map((each) => each.name))) {
        // The segments of an envelope are of no message.
        if (/^[FB][HT]S$/.test(segment)) continue;
        for (let field = segment === "MSH" ? 7 : 1; field <= 30; field++) {
          const path = `${segment}-${field}`;
          // Without its version the message is of another.
          if (!constraintOf("segments", segment, field, at).isRequired || path === "MSH-12" || message.getRaw(path) === "") continue;
          const emptied = parseHl7(message.toString()).setRaw(path, "");
          const added = checkHl7(emptied).filter(({ code, path: each }) => !before.has(`${code} ${each}`)).map(({ code, path: each }) => `${code} ${each}`);
          const wanted = path === "MSH-9" ? "HL7-203" : path === "MSH-10" ? "HL7-204" : "HL7-405";
          fields++;
          if (!added.includes(`${wanted} ${path}`) || (added.length > 1 && path !== "MSH-9")) missed.push(`${path} ${added.join(",")}`);
        }
      }
      return { ok: missed.length === 0, differs: missed.join(" "), figures: { fields } };
    },
  };
}

interface Wanted {
  readonly at?: readonly string[];
  readonly none?: readonly string[];
  readonly but?: Readonly<Record<string, string>>;
}

/** What the names of CDC's files say of them. */
const named: Corpus = {
  name: `${verdicts.folder}:verdicts`,
  cases: () => Object.keys(verdicts.files),
  check(name): Verdict {
    const wanted = (verdicts.files as Readonly<Record<string, Wanted>>)[name] ?? {};
    const problems = checkHl7(parseHl7(text(verdicts.folder, name)), verdicts.profile as unknown as Hl7Profile).filter(({ severity }) => severity === "error");
    const [path, standard] = wanted.at ?? [];
    if (path !== undefined) return { ok: problems.some((each) => each.path === path && each.standard === standard), differs: problems.map((each) => `${each.code} ${each.path}`).join(" ") };
    const against = problems.filter(({ code }) => wanted.none?.includes("*") || wanted.none?.includes(code)).map(({ code, path: each }) => `${code} ${each}`);
    const why = against.map((each) => wanted.but?.[each]);
    const isExplained = against.length > 0 && why.every((each) => each !== undefined);
    return { ok: against.length === 0, differs: against.join(" "), ...(isExplained ? { explained: why.join("; ") } : {}) };
  },
};

export const corpora: readonly Corpus[] = [...folders.map(hl7In), ...folders.map(strictIn), ...folders.map(emptiedIn), named];
