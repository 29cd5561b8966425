import { readTree } from "../../codec/index.ts";
import type { Diagnostic, Format } from "../../sdk/index.ts";
import { hasErrorIn } from "../read/soundness.ts";
import { judgeFhir } from "./fhir-path.ts";
import { judgeHl7 } from "./hl7-path.ts";
import { judgeIcal } from "./ical-path.ts";
import { judgeScript } from "./script-path.ts";
import { judgeX12 } from "./x12-path.ts";
import { error, type Rule } from "./rule.ts";
import { isFormatKnown } from "./source-format.ts";
import { canRead, isHl7Path, pathsInCode, pathsInKeys, type WrittenPath } from "./written-paths.ts";

/** Paths into messages, in filters, closed lists, order, attachments and code, are ones that a message of this format can have. */
export const messagePath: Rule = {
  code: "CFG-167",
  check(project) {
    // Without a sound source the format of its messages is not known.
    const channels = project.channels.filter((channel) => isFormatKnown(project, channel));
    return channels.flatMap((channel) => {
      // A type that is misspelt may be the one that a path is of.
      const isTyped = !hasErrorIn(project, channel.place.at("source", "types"));
      return [...pathsInKeys(channel), ...pathsInCode(channel)].filter(({ path }) => path !== "").flatMap((written) => judge(isTyped ? written : { ...written, types: [] }));
    });
  },
};

function judge(written: WrittenPath): Diagnostic[] {
  const { path, at, format } = written;
  if (format === "hl7v2") return judgeHl7(written);
  if (format === "ical") return judgeIcal(written);
  if (format === "script") return judgeScript(written);
  if (format === "x12") return judgeX12(written);
  if (format === "text") return written.isPlace && path === "text" ? [] : [error("CFG-167", at, "plain text has no paths", "write a filter in code, or name the real format")];
  if (format === "csv") {
    const help = "columns are numbered from 1; with csv: { header: true } the first record names them";
    return isColumn(written) ? [] : [error("CFG-167", at, `${path} is no column: this text has no header`, help)];
  }
  if (isHl7Path(path)) return [error("CFG-167", at, `${path} is a path of HL7 v2, but this channel reads ${format}`, help[format] ?? "")];
  const sample = smallest[format];
  if (sample === undefined || canRead(() => readTree(format, sample).values(path))) return format === "fhir" ? judgeFhir(written) : [];
  return [error("CFG-167", at, `${path} is no path of ${format === "xml" ? "an" : "a"} ${format} message`, help[format] ?? "")];
}

/** A message of each format in which a path finds nothing, and which only a path that cannot be read throws at. */
const smallest: Readonly<Partial<Record<Format, string>>> = {
  json: "{}",
  fhir: "{}",
  xml: "<a/>",
};
const dotted = "names joined by dots, for example subject.reference, or extension(name)";
const slashed = "names joined by slashes, for example /order/patient/id[2]/@root";
const help: Readonly<Partial<Record<Format, string>>> = {
  json: dotted,
  fhir: dotted,
  xml: slashed,
};

/** Names are those of the header, which only a message has; `mrn[3]` is of the third record. */
function isColumn({ path, isNumbered }: WrittenPath): boolean {
  return !isNumbered || /^[1-9]\d*(?:\[[1-9]\d*\])?$/.test(path);
}
