import { durationMs, type Format, formats, ratePerSecond, sizeBytes } from "../../sdk/index.ts";
import type { Link } from "../project.ts";

/** Reading goes on where a value is broken, so that everything wrong is found at once; such a project never runs. */
export function map(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown, otherwise = ""): string {
  return typeof value === "string" ? value : otherwise;
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === "string");
}

export function number(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

export function choice<const T extends string>(value: unknown, among: readonly T[], otherwise: T): T {
  return among.find((item) => item === value) ?? otherwise;
}

export function knownFormat(value: unknown): Format | undefined {
  return formats.find((format) => format === value);
}

export function milliseconds(value: unknown): number {
  return attempt(() => durationMs(text(value)), 0);
}

export function bytes(value: unknown): number {
  return attempt(() => sizeBytes(text(value)), 0);
}

/** `50/s`, or `{ rate, burst }`; a rate alone bursts by one second's worth. */
export function limit(value: unknown): Link["limit"] {
  const perSecond = attempt(() => ratePerSecond(text(typeof value === "string" ? value : map(value).rate)), 1);
  return { perSecond, burst: number(map(value).burst, Math.max(1, Math.ceil(perSecond))) };
}

/** The key with its value, or nothing: optional keys are absent rather than `undefined`. */
export function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: T });
}

function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
