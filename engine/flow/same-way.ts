import type { DestinationSpec } from "../config/project.ts";
import { durationPattern, SecretRef, sizePattern } from "../sdk/index.ts";

/** The part of a destination's options that says to whom and as whom it sends. */
export type Way = (options: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/**
 * Durations and sizes (the `duration` and `size` of the SDK) say how fast and how much, never where: to give a slow partner more time must not hold
 * back the backlog that it caused. Every other option counts, since only its connector knows what it means, and so nobody has to mark
 * anything for it to be safe. An option that the connector no longer has counts for nothing, and one that it has since got stands at its
 * default, so that an upgrade alone changes no way.
 */
export function wayOf(schema: { readonly properties?: unknown }): Way {
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, { readonly pattern?: unknown; readonly default?: unknown }>>);
  const counting = properties.filter(([, { pattern }]) => pattern !== durationPattern && pattern !== sizePattern);
  return (options) => Object.fromEntries(counting.map(([name, option]) => [name, options[name] ?? option.default]));
}

/**
 * What of a destination's way out has changed since a revision; `undefined`: nothing. An entry is sent by the connector of now, and what was
 * meant for one partner, address or credential must not go by another.
 */
export function changedWay(then: DestinationSpec, now: DestinationSpec, way: Way = (options) => options): "partner" | "connector" | "options" | undefined {
  if (then.partner !== now.partner) return "partner";
  if (then.connector !== now.connector) return "connector";
  return JSON.stringify(way(then.options), inOrder) === JSON.stringify(way(now.options), inOrder) ? undefined : "options";
}

/** For `JSON.stringify`: a reference to a secret as it stands in YAML. */
export function asWritten(this: unknown, key: string, value: unknown): unknown {
  const own = (this as Readonly<Record<string, unknown>>)[key];
  return own instanceof SecretRef ? `\${${own.source}:${own.name}}` : value;
}

/** The same, with the keys of every object in order. */
export function inOrder(this: unknown, key: string, value: unknown): unknown {
  const written = asWritten.call(this, key, value);
  if (typeof written !== "object" || written === null || Array.isArray(written)) return written;
  return Object.fromEntries(Object.entries(written).sort(([a], [b]) => (a < b ? -1 : 1)));
}
