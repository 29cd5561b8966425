/**
 * Whether a name matches a pattern in which `*` stands for any characters and `?` for one. Case counts. At most the product of both lengths in
 * steps: names come from outside, and a regular expression of the pattern could be made to run for hours.
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const wanted = [...pattern];
  return (text) => {
    const name = [...text];
    let [p, n] = [0, 0];
    let star: { readonly p: number; n: number } | undefined;
    while (n < name.length) {
      if (wanted[p] === "*") star = { p: p++, n };
      else if (p < wanted.length && (wanted[p] === "?" || wanted[p] === name[n])) {
        p++;
        n++;
      } else if (star) {
        // The last star takes one more; earlier ones never need to.
        p = star.p + 1;
        n = ++star.n;
      } else return false;
    }
    while (wanted[p] === "*") p++;
    return p === wanted.length;
  };
}
