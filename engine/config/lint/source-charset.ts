import { charsetOf } from "../../codec/bytes/names.ts";
import { error, type Rule } from "./rule.ts";

const known = "UTF-8, UTF-16, ISO-8859-1 to -15, ASCII, GB18030, EUC-KR, Big5, or the same names as MSH-18 has them";

/** The character set of a source is one that the engine reads, and stands where it is asked for. */
export const sourceCharset: Rule = {
  code: "CFG-193",
  check: (project) =>
    project.channels.flatMap(({ place, source: { format, charset } }) => {
      const at = place.at("source", "charset");
      const read = charsetOf(charset);
      if (read === undefined) return [error("CFG-193", at, `${charset} is no character set that the engine reads`, known)];
      // RFC 8259 8.1: JSON between systems is UTF-8, whatever somebody states.
      if ((format === "json" || format === "fhir") && read !== "utf-8") return [error("CFG-193", at, `${format} is always UTF-8, so ${charset} would never be used`, "leave charset out, and have the partner send UTF-8")];
      return [];
    }),
};
