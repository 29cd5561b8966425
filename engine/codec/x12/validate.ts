import type { Problem } from "../problem.ts";
import type { Tree } from "../tree.ts";
import { balanceProblems } from "./balance/index.ts";
import { faultsOf } from "./check/index.ts";
import { transactionFor } from "./grammar/index.ts";
import { X12Message } from "./message.ts";
import { problemsFrom } from "./problems.ts";

/** Everything an X12 text is not that its standard and its conventions say: SNIP levels 1 and 2, and 4: sums that must agree. */
export function validateX12(tree: Tree): readonly Problem[] {
  return tree instanceof X12Message ? [...problemsFrom(tree, faultsOf(tree, transactionFor)), ...balanceProblems(tree)] : [];
}
