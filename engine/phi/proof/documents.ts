import type { LintContext, LintRule, Partner } from "../../config/project.ts";
import type { Diagnostic } from "../../sdk/index.ts";

/** L26: the document of an agreement is the one that was signed. Unlike dates that pass, another document stops a start: nobody knows what it says. */
export const documents: LintRule = {
  code: "PHI-126",
  check: ({ partners }, { fileHash }) => (fileHash ? [...partners.values()].flatMap((partner) => of(partner, fileHash)) : []),
};

/** A hash swap is one way to change an agreement without a signature. A reference to another place cannot be looked at from here. */
function of({ place, agreements }: Partner, fileHash: NonNullable<LintContext["fileHash"]>): readonly Diagnostic[] {
  return agreements.flatMap(({ id, document }, i): readonly Diagnostic[] => {
    if (!document || !isBelow(document.ref)) return [];
    const found = fileHash(document.ref);
    if (found === document.sha256) return [];
    const at = (key: string) => place.at("agreements", i, "document", key);
    return found === undefined
      ? [{ code: "PHI-126", level: "warning", at: at("ref"), message: `the document of ${id} is not at this path of the project`, help: "put the signed document there, or write where it is kept" }]
      : [{ code: "PHI-126", level: "error", at: at("sha256"), message: `the document of ${id} is not the one with this hash`, help: "compare it with what was signed; if a new one was signed, write its SHA-256 and its dates" }];
  });
}

/** Whether a reference reads as a file of the project: a relative path with an ending, and no scheme. */
function isBelow(ref: string): boolean {
  return /^(?:\.\/)?[^/\\:\s][^\\:\n]*\.[A-Za-z0-9]+$/.test(ref) && !ref.split("/").includes("..");
}
