/** Text for an element or attribute of XML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/[^\P{C}]/gu, " ");
}

/** At most so many characters; what was cut shows as an ellipsis, and the whole stands in the title beside it. */
export function clipped(text: string, most: number): string {
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join("").trimEnd()}…`;
}

/** At most so many lines of so many characters, broken at spaces and behind hyphens. */
export function wrapped(text: string, most: number, lines: number): readonly string[] {
  const found: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=[\s-])/)) {
    if (line !== "" && [...line, ...word.trimEnd()].length > most && found.length < lines - 1) {
      found.push(line.trimEnd());
      line = "";
    }
    line += word;
  }
  return [...found, clipped(line.trimEnd(), most)];
}

/**
 * A text in so many pixels of a size of type: as it is, else set closer by up to a fifth, else cut. Widths are those of wide sans-serif faces, by kinds of signs:
 * a drawing cannot ask which face its reader has.
 */
export function fitted(text: string, size: number, room: number): { readonly shown: string; readonly isClose: boolean } {
  const signs = [...text];
  const widths = signs.map((sign) => (/[MWmw@%]/.test(sign) ? 0.88 : /[\p{Lu}&]/u.test(sign) ? 0.7 : /[iljtf.,:;()/ |'-]/.test(sign) ? 0.33 : 0.56) * size);
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= room) return { shown: text, isClose: false };
  if (total <= room * 1.25) return { shown: text, isClose: true };
  let kept = 0;
  for (let width = size; kept < signs.length; kept++) if ((width += widths[kept] ?? 0) > room * 1.17) break;
  return { shown: `${signs.slice(0, kept).join("").trimEnd()}…`, isClose: true };
}
