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
