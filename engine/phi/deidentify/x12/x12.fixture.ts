import { parseX12 } from "../../../codec/x12/index.ts";
import { context, type Given } from "../given.fixture.ts";
import { x12 } from "./index.ts";

const isa = "ISA*00*          *00*          *ZZ*NORTHSIDE      *ZZ*PAYERCO        *261122*2200*^*00501*000000001*0*T*:~";

/** An interchange of one transaction set, by the segments between ST and SE. */
export function interchange(type: string, convention: string, ...segments: readonly string[]): string {
  return `${isa}GS*HC*NORTHSIDE*PAYERCO*20261122*2200*77310468*X*${convention}~ST*${type}*99120047*${convention}~${segments.map((each) => `${each}~`).join("")}SE*${segments.length + 2}*99120047~GE*1*77310468~IEA*1*000000001~`;
}

/** De-identified as it came. */
export function lowered(text: string, over: Given = {}): string {
  return x12.deidentify(text, context({ ...x12.patientOf(parseX12(text)), ...over }));
}

/** What is left between ST and SE. */
export function body(text: string): readonly string[] {
  const lines = text.split("~\n");
  return lines.slice(lines.findIndex((each) => each.startsWith("ST*")) + 1, lines.findIndex((each) => each.startsWith("SE*")));
}
