import { closeSync, openSync, writeSync } from "node:fs";

export type BigFormat = "csv" | "hl7v2";

/** How a record is recognised at the other end: a number of seven digits behind this mark, once in each. */
const mark = "REC-";

export function idOf(body: string): number {
  return Number(/REC-(\d{7})/.exec(body)?.[1] ?? Number.NaN);
}

/** Records of about a given size in a file of about a given size. Quotes, line ends inside values and trailers are there on purpose. */
export function writeBigFile(path: string, format: BigFormat, bytes: number, recordBytes: number): { readonly bytes: number; readonly records: number } {
  const file = openSync(path, "wx");
  const count = Math.max(1, Math.round(bytes / recordBytes));
  let written = writeSync(file, format === "csv" ? "id,name,note\r\n" : "FHS|^~\\&|LIS|NORTH\rBHS|^~\\&|LIS|NORTH\r");
  for (let from = 1; from <= count; from += 256) {
    const part: string[] = [];
    for (let n = from; n < from + 256 && n <= count; n++) part.push(record(format, n, recordBytes));
    written += writeSync(file, part.join(""));
  }
  if (format === "hl7v2") written += writeSync(file, `BTS|${count}\rFTS|1\r`);
  closeSync(file);
  return { bytes: written, records: count };
}

function record(format: BigFormat, n: number, size: number): string {
  const id = `${mark}${String(n).padStart(7, "0")}`;
  const filler = (length: number) => "lorem ipsum dolor sit amet ".repeat(Math.ceil(length / 27)).slice(0, Math.max(0, length));
  if (format === "csv") {
    const head = `${id},"EXEMPLAR, ""Q"" ${n}","first line\r\nsecond `;
    return `${head}${filler(size - head.length - 3)}"\r\n`;
  }
  const head = `MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301120000||ORU^R01|${id}|P|2.5.1\rPID|1||9${n}^^^NORTH^MR||EXEMPLAR^ADA\rOBX|1|TX|N||`;
  return `${head}${filler(size - head.length - 8)}||||||F\r`;
}
