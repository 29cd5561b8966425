/** One moment of the schedule, and how many there were with it. Both are the checkpoint, in the commit of the moment's message. */
export interface Tick {
  /** ms since epoch. */
  readonly due: number;
  readonly sequence: number;
}

/** The name of the place that the checkpoint is of. */
export const place = "timer";

export function writeTick({ due, sequence }: Tick): string {
  return `${due} ${sequence}`;
}

export function readTick(text: string | undefined): Tick | undefined {
  const [, due, sequence] = /^(\d{1,15}) (\d{1,15})$/.exec(text ?? "") ?? [];
  return due === undefined ? undefined : { due: Number(due), sequence: Number(sequence) };
}
