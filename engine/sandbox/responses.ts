import type { ChannelProgram } from "./sandbox.ts";

/** What the response transform of a destination is loaded as. */
export function responseName(name: string, destination: string): string {
  return `${name}#response-${destination}`;
}

/**
 * The response transforms of a program, each a program of its own over the partner's answer: what runs on answers shares no realm with what runs
 * on messages, and when it loops or crashes, no message waits behind it.
 */
export function responsePrograms({ destinations, filter: _, filterAt: _at, transform: _t, csv: _c, ...program }: ChannelProgram): readonly ChannelProgram[] {
  return destinations.flatMap(({ name, response }) => {
    if (!response) return [];
    const { format, transform } = response;
    return [{ ...program, name: responseName(program.name ?? program.channel, name), format, destinations: [{ name, transform }] }];
  });
}
