import type { Problem } from "../problem.ts";
import type { Tree } from "../tree.ts";
import { balanceFaults } from "./balance/index.ts";
import { faultsOf, type X12Fault } from "./check/index.ts";
import { transactionFor } from "./grammar/index.ts";
import { X12Message } from "./message.ts";
import { problemsFrom } from "./problems.ts";

/** Everything an X12 text is not that its standard and its conventions say, in the order of its segments: SNIP levels 1 and 2, and 4: sums that must agree. */
export function allFaultsOf(message: X12Message): readonly X12Fault[] {
  return [...faultsOf(message, transactionFor), ...balanceFaults(message)].sort((a, b) => a.at - b.at);
}

export function validateX12(tree: Tree): readonly Problem[] {
  return tree instanceof X12Message ? problemsFrom(tree, allFaultsOf(tree)) : [];
}
