/** Databases that the connector speaks to. */
export const dialects = ["postgres", "mariadb", "sqlite"] as const;
export type Dialect = (typeof dialects)[number];

export interface StatementShape {
  /** How many values it takes: `?` each, or the highest `$n`. */
  readonly parameters: number;
  /** Statements in it; one that ends with a semicolon is one. */
  readonly statements: number;
}

/** Texts, quoted names and comments, in which nothing is a parameter (PostgreSQL: dollar quotes too). */
const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$/g;

/** What lint can say of a statement without a database. */
export function shapeOf(sql: string, dialect: Dialect): StatementShape {
  const bare = sql.replace(quoted, " ");
  const numbers = [...bare.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n));
  const parameters = dialect === "postgres" ? Math.max(0, ...numbers) : [...bare.matchAll(/\?/g)].length;
  return { parameters, statements: bare.split(";").filter((part) => part.trim() !== "").length };
}

/** The query, at most so many of its rows, in the order of its checkpoint column. Names and the number stand in configuration. */
export function bounded(query: string, column: string, rows: number, dialect: Dialect): string {
  const name = dialect === "mariadb" ? `\`${column}\`` : `"${column}"`;
  return `select * from (${query.trim().replace(/;$/, "")}) as sluice_rows order by sluice_rows.${name} limit ${rows}`;
}
