import { IcalMessage, type Tree } from "../codec/index.ts";
import { linesIn } from "../codec/ical/read.ts";

/**
 * Whom a calendar is about: no role of iCalendar says patient, so it is each attendee by the address, but the organizer, who chairs, who only listens, and rooms and devices.
 */
export function patientsInIcal(tree: Tree): string[][] {
  if (!(tree instanceof IcalMessage)) return [];
  const found = new Set<string>();
  for (const name of ["VEVENT", "VTODO", "VFREEBUSY"]) {
    for (const component of tree.all(name)) {
      const organizer = component.get("ORGANIZER").toLowerCase();
      for (const line of linesIn(component.node)) {
        if (line.parts?.name !== "ATTENDEE") continue;
        const address = (line.elements[0]?.value ?? "").toLowerCase();
        const is = (parameter: string, words: RegExp) => words.test(line.parameter(parameter) ?? "");
        if (address !== "" && address !== organizer && !is("ROLE", /^(?:CHAIR|NON-PARTICIPANT)$/i) && !is("CUTYPE", /^(?:ROOM|RESOURCE)$/i)) found.add(address);
      }
    }
  }
  return [...found].map((address) => [address]);
}
