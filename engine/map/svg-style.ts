/** How a line is drawn: by the class of what crosses, and `gone` for what crosses no more. */
export type Line = "phi" | "limited" | "deidentified" | "none" | "refused" | "gone";

interface Look {
  readonly colour: string;
  /** Attributes of the stroke. They stand with each line: where styles are stripped, as in a text processor, the form stays. */
  readonly stroke: string;
}

/** A line is told by its form and its words; colour only helps. */
export const looks: Readonly<Record<Line, Look>> = {
  phi: look("#14213d", ""),
  limited: look("#7a4b00", ' stroke-dasharray="12 4 2 4"'),
  deidentified: look("#0b6e63", ' stroke-dasharray="8 5"'),
  none: look("#5f6b80", "", 1.5),
  refused: look("#b3261e", ""),
  gone: look("#8b95aa", ' stroke-dasharray="2 5"'),
};

function look(colour: string, dashes: string, width = 2.4): Look {
  return { colour, stroke: `fill="none" stroke="${colour}" stroke-width="${width}"${dashes}` };
}

const styles: readonly (readonly [kind: Line, words: string])[] = [
  ["phi", "solid: PHI inside a BAA or another agreement"],
  ["limited", "dash and dot: limited data set under a data use agreement"],
  ["deidentified", "dashed: de-identified"],
  ["none", "double: no PHI"],
  ["refused", "cut, with a cross: nothing may cross"],
];

/** What each sign says, in words. */
export function legend(y: number, isDifference: boolean): string {
  const shown = isDifference ? [...styles, ["gone", "dotted: is gone"] as const] : styles;
  const place = (at: number) => [32 + (at % 2) * 680, y + Math.floor(at / 2) * 28] as const;
  const rows = shown.map(([kind, words], at) => {
    const [x, row] = place(at);
    const path = kind === "none" ? `M${x} ${row - 2.5}h52M${x} ${row + 2.5}h52` : kind === "refused" ? `M${x} ${row}h20m-6 -6l12 12m0 -12l-12 12` : `M${x} ${row}h52`;
    return `<path ${looks[kind].stroke} d="${path}"/>${said(x, row, words)}`;
  });
  const [x, row] = place(shown.length);
  const note = isDifference ? "A yellow field: data crosses here that did not before. " : "";
  return [
    `<g>${rows.join("")}<circle cx="${x + 26}" cy="${row}" r="4" fill="#14213d"/>${said(x, row, "dot: this side opens the connection; the arrow is the way the data goes")}`,
    `<text x="32" y="${y + 28 * Math.ceil((shown.length + 1) / 2) + 12}" font-size="12" fill="#53607a">${note}Drawn from channels and partners alone. It shows what may cross, not what did: the disclosure ledger tells that.</text></g>`,
  ].join("\n");
}

function said(x: number, y: number, words: string): string {
  return `<text x="${x + 62}" y="${y + 4}" font-size="12.5" fill="#14213d">${words}</text>`;
}
