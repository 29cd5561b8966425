import type { Diagnostic } from "../../sdk/index.ts";

/** In the order a reader meets them: settings, partners, then channels by file; within a file by place. */
export function byPlace(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const rank = (file: string) => (file === "sluice.yaml" ? 0 : file === "partners.yaml" ? 1 : 2);
  return [...diagnostics].sort(
    (a, b) =>
      rank(a.at.file) - rank(b.at.file) ||
      (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : 0) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}
