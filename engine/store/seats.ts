/** One entry that a message has or had in a lane. */
export interface Seat {
  readonly lane: number;
  /** Where its contents stand beside the message's. */
  readonly slot: number;
  /** Position of its first row. */
  readonly home: number;
}

/**
 * The entries that a message asks for, from the list in its row: the numbers of its lanes in the order of slots. An entry stands first at the
 * message's own number; one that a replay put beside an ended entry of the same lane says where, after `@`.
 */
export function seatsOf(message: number, lanes: string): readonly Seat[] {
  if (lanes === "") return [];
  return lanes.split(",").map((text, index) => {
    const [lane = "", home] = text.split("@");
    return { lane: Number(lane), slot: index + 1, home: home === undefined ? message : Number(home) };
  });
}

/** The last entry of each lane, the one that is addressed by lane and message; lanes stay in the order in which the message came to them. */
export function lastSeats(seats: readonly Seat[]): readonly Seat[] {
  return [...new Map(seats.map((seat) => [seat.lane, seat])).values()];
}
