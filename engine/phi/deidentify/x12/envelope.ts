import { marks } from "./segment.ts";

/** A functional group that leaves. */
export interface Group {
  /** GS01. */
  readonly functional: string;
  /** GS08. */
  readonly version: string;
  /** ST01, ST03 (empty in 4010), and the segments between ST and SE. */
  readonly sets: readonly (readonly string[])[];
}

/** ISA to IEA of the engine's own, with its own counts: whose it is, when in the year and by which number it was sent is not told. */
export function envelope(groups: readonly Group[], year: number): string {
  const repetition = groups.some(({ version }) => version >= "00402") ? marks.repetition : "U";
  const release = groups.some(({ version }) => version >= "005") ? "00501" : "00401";
  const party = "SLUICE".padEnd(15);
  const out = [`ISA*00*${" ".repeat(10)}*00*${" ".repeat(10)}*ZZ*${party}*ZZ*${party}*${String(year).slice(2)}0101*0000*${repetition}*${release}*000000001*0*P*${marks.component}`];
  groups.forEach(({ functional, version, sets }, g) => {
    out.push(`GS*${functional}*SLUICE*SLUICE*${year}0101*0000*${g + 1}*X*${version}`);
    sets.forEach(([id = "", convention = "", ...body], s) => {
      const number = String(s + 1).padStart(4, "0");
      out.push(`ST*${id}*${number}${convention === "" ? "" : `*${convention}`}`);
      for (const line of body) out.push(line);
      out.push(`SE*${body.length + 2}*${number}`);
    });
    out.push(`GE*${sets.length}*${g + 1}`);
  });
  out.push(`IEA*${groups.length}*000000001`);
  return out.map((line) => `${line}${marks.segment}\n`).join("");
}
