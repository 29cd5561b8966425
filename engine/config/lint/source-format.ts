import type { Channel, Project } from "../project.ts";
import { hasErrorIn, hasMisspeltKey } from "../read/soundness.ts";
import { isWritten } from "../yaml/place.ts";

/** Whether the format of a channel's messages is what somebody wrote, or what follows from a connector that is known. */
export function isFormatKnown(project: Project, { place, source }: Channel): boolean {
  if (source.connector === "" || hasMisspeltKey(project, place, "source")) return false;
  return !isWritten(place, "source", "format") || !hasErrorIn(project, place.at("source", "format"));
}
