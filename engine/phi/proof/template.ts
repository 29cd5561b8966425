/** Whether a fixed text looks as if something were to be put into it. */
export function looksLikeTemplate(text: string): boolean {
  return /\$\{|\{\{|<%|\{[A-Z][A-Z0-9]{2}-\d|\{msg\b/.test(text);
}

/** Options that say where, not how: a value computed there would choose who gets the data. */
const places = new Set([
  "host", "hostname", "server", "url", "uri", "endpoint", "address", "bucket", "container", "topic", "queue", "exchange", "routingKey", "mailbox", "recipient", "to",
  "database", "table", "directory", "share",
]);

export function saysWhere(path: readonly (string | number)[]): boolean {
  return path.some((key) => places.has(String(key)));
}
