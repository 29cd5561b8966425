import { readTree } from "../codec/index.ts";
import type { Channel } from "../config/project.ts";

/**
 * By what a message keeps its order: the first value at the channel's `order.by`, read by the trusted codec. A message without one, or that cannot be
 * read as its format (it will end as dead), goes to the common lane: those keep one order among themselves.
 */
export function orderKeyOf({ order, source }: Channel, text: string): string | undefined {
  if (order === undefined) return undefined;
  try {
    return readTree(source.format, text).values(order.by).find((value) => value !== "");
  } catch {
    return undefined;
  }
}
