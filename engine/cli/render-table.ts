/** One column of a table on the terminal. Numbers read best at the right. */
export interface Column<Row> {
  readonly title: string;
  readonly right?: boolean;
  cell(row: Row): string;
}

/** Rows as aligned text, one line each under a line of titles; widths are those of the plain text. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map((column, i) => Math.max(column.title.length, ...cells.map((line) => [...(line[i] ?? "")].length)));
  const render = (line: readonly string[]) =>
    line
      .map((cell, i) => {
        const gap = " ".repeat(Math.max(0, (widths[i] ?? 0) - [...cell].length));
        return columns[i]?.right ? gap + cell : cell + gap;
      })
      .join("  ")
      .trimEnd();
  return [render(columns.map((column) => column.title)), ...cells.map(render)].join("\n");
}
