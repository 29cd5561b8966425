import type { Diagnostic } from "../../sdk/index.ts";
import type { Check } from "../check/check.ts";
import { nameOf, type Explain, type Problem } from "../check/problem.ts";
import { type Node, type Path, scalars } from "../yaml/node.ts";
import { type PlacedNode, placed } from "../yaml/place.ts";
import { traps } from "../yaml/traps.ts";
import type { Reading } from "./reading.ts";

/** A file whose form was checked: data with defaults, places, and where it is broken. */
export interface CheckedFile {
  readonly file: string;
  readonly place: PlacedNode;
  readonly value: unknown;
  readonly secretPlaces: ReadonlySet<string>;
  /** Whether something at or below `path` is wrong; `inside: false` asks for `path` alone. */
  isBroken(path: Path, inside?: boolean): boolean;
  /** Reports one more mistake, found by what reads the data. */
  report(problem: Problem): void;
}

export function checkFile(reading: Reading, file: string, node: Node, check: Check, explain?: Explain): CheckedFile {
  const place = placed(file, node);
  const { value, problems, secretPlaces } = check(node, explain);
  const broken: string[] = [];
  const report = (problem: Problem) => {
    broken.push(key(problem.path));
    reading.diagnostics.push(toDiagnostic(problem, place));
  };
  const strayed = stray(node, secretPlaces).filter(({ path }) => !problems.some((problem) => isUnknownKey(problem) && key(path).startsWith(key(problem.path))));
  const trapped = traps(node);
  const zeros = trapped.filter((t) => t.diagnostic.level === "error");
  for (const problem of problems) {
    const at = toDiagnostic(problem, place).at;
    const isSame = (other: Diagnostic["at"]) => other.line === at.line && other.column === at.column;
    if (zeros.some((zero) => isSame(zero.diagnostic.at)) || strayed.some((s) => isSame(place.at(...s.path)))) broken.push(key(problem.path));
    else report(problem);
  }
  for (const problem of strayed) report(problem);
  for (const { diagnostic } of trapped) {
    const taken = reading.diagnostics.some((d) => d.at.file === file && d.at.line === diagnostic.at.line && d.at.column === diagnostic.at.column);
    if (!taken) reading.diagnostics.push(diagnostic);
  }
  return {
    file,
    place,
    value,
    secretPlaces,
    report,
    isBroken: (path, inside = true) => broken.some((b) => b === key(path) || (inside && b.startsWith(key(path)))),
  };
}

/** Of what stands under a key without meaning, nothing can be said. */
function isUnknownKey({ code, target }: Problem): boolean {
  return target === "key" && ["CFG-120", "CFG-122", "CFG-132", "CFG-152"].includes(code);
}

/** Ends with a slash, so that a prefix is a parent. */
function key(path: Path): string {
  return path.map((step) => `${String(step).replaceAll("/", "~1")}/`).join("");
}

function toDiagnostic(problem: Problem, place: PlacedNode): Diagnostic {
  const at = problem.target === "key" ? place.atKey(...problem.path) : place.at(...problem.path);
  return { code: problem.code, level: "error", at, message: problem.message, ...(problem.help === undefined ? {} : { help: problem.help }) };
}

const reference = /\$\{(?:env|file):/;

/** References to secrets where no secret may stand: they would not be resolved, and the text would go out as it is. */
function stray(node: Node, secretPlaces: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  for (const { node: scalar, path } of scalars(node)) {
    if (typeof scalar.value !== "string" || scalar.style === "literal" || !reference.test(scalar.value)) continue;
    if (secretPlaces.has(path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""))) continue;
    problems.push({
      code: "CFG-141",
      path,
      target: "value",
      message: `${nameOf(path)} is no secret option, and a reference is not resolved here`,
      help: "write the value itself, or move the reference to an option that is a secret",
    });
  }
  return problems;
}
