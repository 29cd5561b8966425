import { definitions } from "./tables.ts";

/** Whether a profile, or `us-core`, is shipped: asked by lint, which evaluates nothing. */
export function knownProfile(url: string): boolean {
  return url === "us-core" || definitions().profile(url) !== undefined;
}
