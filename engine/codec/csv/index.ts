export { checked, type CsvDialect, rfc4180 } from "./dialect.ts";
export { CsvMessage, CsvRow, parseCsv } from "./message.ts";
export { sniffCsv } from "./sniff.ts";
