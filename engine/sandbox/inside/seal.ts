/** Everything that stands at the top level of the modules inside; the loader adds a call of `seal` to each module. */
export const sealed: unknown[] = [];
const open = new Set<unknown>();

export function seal(...values: readonly unknown[]): void {
  for (const value of values) if (!open.has(value)) sealed.push(value);
}

/** Marks the few objects of the engine that change from message to message; guest code cannot reach them. */
export function keepOpen<T extends object>(value: T): T {
  open.add(value);
  return value;
}
