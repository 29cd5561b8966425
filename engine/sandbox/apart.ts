import type { Format } from "../sdk/index.ts";
import type { ChannelProgram, RunInput } from "./sandbox.ts";

/** The code of a destination that shares no realm with what runs on messages, and the format of what it is given. */
type Apart = Pick<RunInput, "responseOf" | "deidentifiedOf">;

/** What a run is of: the program itself, or the code of a destination that stands apart from it. */
export function runName(name: string, { responseOf, deidentifiedOf }: Apart): string {
  if (responseOf !== undefined) return `${name}#response-${responseOf}`;
  return deidentifiedOf === undefined ? name : `${name}#deidentified-${deidentifiedOf.format}-${deidentifiedOf.destination}`;
}

/**
 * Code that stands apart, each piece a program of its own in an isolate of its own. Response transforms: what runs on a partner's answer shares
 * nothing with what runs on messages, and when it loops, no message waits behind it. Transforms after de-identification: no realm that they reach
 * has ever held the original (phi.md 1.7), so nothing that the channel's other code left behind can bring it back.
 */
export function programsApart({ filter: _, filterAt: _at, transform: first, csv: _c, ...program }: ChannelProgram): readonly ChannelProgram[] {
  const name = program.name ?? program.channel;
  return program.destinations.flatMap((destination) => {
    const { response, deidentified } = destination;
    const parts: ChannelProgram[] = [];
    const add = (apart: Apart, format: Format, part: ChannelProgram["destinations"][number]) => parts.push({ ...program, name: runName(name, apart), format, destinations: [part] });
    if (response) add({ responseOf: destination.name }, response.format, { name: destination.name, transform: response.transform });
    if (deidentified) {
      // What is given out of a transform may be of another format than what came in.
      const formats = first || destination.transform ? deidentifiable : deidentifiable.filter((format) => format === program.format);
      for (const format of formats) {
        const part = { name: destination.name, transform: deidentified.transform, ...(destination.format && { format: destination.format }) };
        add({ deidentifiedOf: { destination: destination.name, format } }, format, part);
      }
    }
    return parts;
  });
}

/** Names of all that a program is loaded as beside its own. */
export function namesApart(program: ChannelProgram): readonly string[] {
  return programsApart(program).map(({ name = "" }) => name);
}

/** Formats that have a policy of de-identification. */
const deidentifiable: readonly Format[] = ["hl7v2", "fhir"];
