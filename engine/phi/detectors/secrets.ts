import type { Detection } from "./detection.ts";

/** Beginnings of keys as their makers write them, and how they go on. */
const marks: readonly (readonly [mark: string, whole: RegExp])[] = [
  ["-----BEGIN", /^-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----/],
  ["eyJ", /^eyJ[\w-]{8,1024}\.[\w-]{8,}\.[\w-]{8,}/],
  ["AKIA", /^AKIA[0-9A-Z]{16}(?![0-9A-Za-z])/],
  ["ASIA", /^ASIA[0-9A-Z]{16}(?![0-9A-Za-z])/],
  ["sk_live_", /^sk_live_\w{10}/],
  ["rk_live_", /^rk_live_\w{10}/],
  ["sk_test_", /^sk_test_\w{10}/],
  ["whsec_", /^whsec_\w{16}/],
  ["ghp_", /^ghp_\w{30}/],
  ["github_pat_", /^github_pat_\w{30}/],
  ["xox", /^xox[abprs]-[\w-]{10}/],
  ["AIza", /^AIza[\w-]{35}/],
];

/** One look for all of them: most texts have none. */
const anyMark = /-----BEGIN|eyJ|AKIA|ASIA|sk_live_|rk_live_|whsec_|ghp_|github_pat_|xox|AIza/;

/** Keys and tokens that open something: no exit may show one. */
export function secretsIn(text: string, found: (d: Detection) => boolean): boolean {
  if (!anyMark.test(text)) return false;
  for (const [mark, whole] of marks) {
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
      if (whole.test(text.slice(at, at + 1200)) && found({ kind: "secret", strength: "strong", start: at, end: at + mark.length })) return true;
    }
  }
  return false;
}
