/**
 * Whom the fixtures of the example are about, as it could be read in what a partner receives. Who has no agreement holds each arrival
 * against all of it, in every run. A given name of four letters is not among them: random tokens hold those by chance.
 */
export const planted: readonly string[] = [
  "90017734", "TESTPATIENT", "19640229", "1964-02-29", "5550143", "EXAMPLE STREET", "999-12-3456", "LB26-0091123", "ORD7730021", "VN8830012", "visit-20260301-0077",
];

const squashed = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
const needles = () => planted.map(squashed);

/** Arrivals that hold somebody's identifier: as it is, percent-encoded, or in base64. Gives how many there were. */
export function leaksIn(arrival: unknown): number {
  const text = JSON.stringify(arrival);
  const readings = [text, decoded(text), ...(text.match(/[A-Za-z0-9+/_-]{8,}={0,2}/g) ?? []).map((run) => Buffer.from(run, "base64").toString("utf8"))].map(squashed);
  return needles().filter((needle) => readings.some((reading) => reading.includes(needle))).length;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
}
