import { catalogue } from "../sdk/error.ts";

/** `PHI-1nn` is the lint of rule Lnn of the boundary, `PHI-2nn` a gate at run time. */
export const codes = catalogue({
  "PHI-103": { title: "a destination would send data to a partner that is not cleared for it" },
  "PHI-104": { title: "a destination sends less than phi and has no closed list" },
  "PHI-105": { title: "the bounds of a field in a closed list bound nothing, or leave nothing" },
  "PHI-106": { title: "a closed list leaves more room to code than this kind of partner allows" },
  "PHI-107": { title: "an option of a destination looks like a template, and addresses never carry data" },
  "PHI-109": { title: "the agreement a destination rests on is not in force, or ends within 30 days" },
  "PHI-115": { title: "a message may hold a compartment that no agreement of the partner covers" },
  "PHI-116": { title: "services that a patient paid for would reach a health plan" },
  "PHI-118": { title: "a sender would get an answer that it is not cleared for" },
  "PHI-122": { title: "a link that never carries patient data is used for it" },
  "PHI-201": { title: "an identifier of this very message is in what would leave" },
  "PHI-202": { title: "no agreement of the partner covers what would be sent" },
  "PHI-203": { title: "the agreement that covers this data is not in force now" },
  "PHI-204": { title: "the result of the transform is not what the closed list allows" },
  "PHI-205": { title: "the engine cannot take a value of the closed list from the message" },
  "PHI-206": { title: "the data is of a higher class than the destination or its link may carry" },
  "PHI-207": { title: "what would leave cannot be read, so it cannot be checked" },
  "PHI-208": { title: "the connector addressed something else than the partner's pinned endpoints" },
  "PHI-209": { title: "a socket was offered something that the guard did not release" },
  "PHI-210": { title: "the connector's envelope is not plain data" },
  "PHI-211": { title: "the connector named a credential that its destination does not have" },
  "PHI-212": { title: "the message holds more identifiers than the engine looks for" },
});

/** Refusals that wait for a person at the registry of agreements instead of ending the message. */
export function isSuspension(code: string): boolean {
  return code === "PHI-203";
}
