import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A folder of files that others wrote, and what must come of each. */
export interface Corpus {
  /** Its folder below `../shared/corpora`, with what is asked of it: `x12/pyx12`, `fhir/us-core-6.1.0-examples:removed`. */
  readonly name: string;
  /** Its cases, by the names that verdicts and reports use: a file, or a file and a part of it. */
  cases(): readonly string[];
  /** What came of a case. What it throws is a crash. */
  check(name: string): Verdict | Promise<Verdict>;
  /** Figures that follow from the sums of the others. */
  summary?(figures: ReadonlyMap<string, number>): Readonly<Record<string, unknown>>;
}

export interface Verdict {
  readonly ok: boolean;
  /** What differed: codes, paths and counts. */
  readonly differs?: string;
  /** Differs, and is right to: the rule of the standard, and where `docs/` settles it. */
  readonly explained?: string;
  /** Further figures of this case, summed by name over the corpus. */
  readonly figures?: Readonly<Record<string, number>>;
}

const root = join(import.meta.dirname, "../../../shared/corpora");

/** Whether the data of others stands beside this clone. */
export const isPresent = existsSync(root);

/** Files of a folder of the corpora, sources and licences left out, in a fixed order. */
export function filesIn(folder: string, ends: RegExp = /\.\w+$/): readonly string[] {
  const at = join(root, folder);
  if (!existsSync(at)) throw new Error(`no folder ${folder} in ../shared/corpora`);
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(?:LICENSE|NOTICE|SOURCE|README)\b/.test(entry.name) && ends.test(entry.name))
    .map((entry) => join(entry.parentPath.slice(at.length + 1), entry.name))
    .sort();
}

export function pathOf(folder: string, file: string): string {
  return join(root, folder, file);
}

export function bytesOf(folder: string, file: string): Buffer {
  return readFileSync(join(root, folder, file));
}
