import { type Range, SecretRef } from "../sdk/index.ts";
import type { Project } from "./project.ts";

/** A secret that a project names, and where. */
export interface PlacedSecret {
  readonly ref: SecretRef;
  readonly at: Range;
}

/** Every secret of a project, in the order of its channels, then those of its partners. */
export function secretRefs(project: Project): PlacedSecret[] {
  const found: PlacedSecret[] = [];
  for (const { place, source, destinations } of project.channels) {
    const walk = (value: unknown, path: readonly string[]): void => {
      if (value instanceof SecretRef) found.push({ ref: value, at: place.at(...path) });
      else if (typeof value === "object" && value !== null) for (const [key, below] of Object.entries(value)) walk(below, [...path, key]);
    };
    walk(source.options, ["source", source.connector]);
    for (const d of destinations) walk(d.options, ["destinations", d.name, d.connector]);
  }
  for (const { place, endpoints } of project.partners.values()) {
    for (const [i, { login }] of endpoints.entries()) {
      for (const key of ["password", "key"] as const) {
        const ref = login?.[key];
        if (ref instanceof SecretRef) found.push({ ref, at: place.at("endpoints", i, "login", key) });
      }
    }
  }
  for (const { place, credentials = {} } of project.partners.values()) {
    for (const [name, { key, secret, next }] of Object.entries(credentials)) {
      const at = (...path: string[]) => place.at("credentials", name, "oauth2", ...path);
      if (key) found.push({ ref: key, at: at("key") });
      if (secret) found.push({ ref: secret, at: at("secret") });
      if (next) found.push({ ref: next.key, at: at("next", "key") });
    }
  }
  return found;
}
