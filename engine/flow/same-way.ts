import type { DestinationSpec } from "../config/project.ts";
import { SecretRef } from "../sdk/index.ts";

/**
 * What of a destination's way out has changed since a revision; `undefined`: nothing. An entry is sent by the connector of now, and what was
 * meant for one partner, address or credential must not go by another.
 */
export function changedWay(then: DestinationSpec, now: DestinationSpec): "partner" | "connector" | "options" | undefined {
  if (then.partner !== now.partner) return "partner";
  if (then.connector !== now.connector) return "connector";
  return JSON.stringify(then.options, inOrder) === JSON.stringify(now.options, inOrder) ? undefined : "options";
}

/** For `JSON.stringify`: a reference to a secret as it stands in YAML. */
export function asWritten(this: unknown, key: string, value: unknown): unknown {
  const own = (this as Readonly<Record<string, unknown>>)[key];
  return own instanceof SecretRef ? `\${${own.source}:${own.name}}` : value;
}

function inOrder(this: unknown, key: string, value: unknown): unknown {
  const written = asWritten.call(this, key, value);
  if (typeof written !== "object" || written === null || Array.isArray(written)) return written;
  return Object.fromEntries(Object.entries(written).sort(([a], [b]) => (a < b ? -1 : 1)));
}
