const directions: Readonly<Record<string, string>> = { north: "n", south: "s", east: "e", west: "w", northeast: "ne", northwest: "nw", southeast: "se", southwest: "sw" };
const spelled: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(directions).map(([long, short]) => [short, long]));
/** A number and fewer letters than this are in too much. */
const fewest = 5;

/**
 * Other writings of a line of an address that begins with a number: without its last word, which may be abbreviated (`St`, `Ave.`) or followed by a
 * unit, and with its direction short or in full (USPS Publication 28).
 */
export function shortenedStreet(line: string): readonly string[] {
  const words = line.trim().split(/[\s,]+/);
  if (words.length < 3 || !/^\d+[A-Za-z]?$/.test(words[0] ?? "")) return [];
  const unit = words.findIndex((word, i) => i > 1 && /^(?:apt|apartment|unit|suite|ste|floor|fl|room|rm|#.*)\.?$/i.test(word));
  const whole = unit > 2 ? words.slice(0, unit) : words;
  const stem = whole.length > 2 ? whole.slice(0, -1) : whole;
  const second = (stem[1] ?? "").toLowerCase().replace(".", "");
  const other = directions[second] ?? spelled[second];
  const forms = [stem, ...(other !== undefined && stem.length > 2 ? [[stem[0] ?? "", other, ...stem.slice(2)]] : [])];
  return forms.map((form) => form.join(" ")).filter((form) => form.replace(/[^\p{L}\p{N}]/gu, "").length >= fewest);
}
