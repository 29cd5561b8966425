import { acceptedText, buildX12Ack } from "../../../engine/codec/x12/ack/index.ts";
import { allFaultsOf } from "../../../engine/codec/x12/validate.ts";
import { readTree, X12Message } from "../../../engine/codec/index.ts";
import { splitter, type SplitWay } from "../../../engine/codec/split/index.ts";
import { problemsFrom } from "../../../engine/codec/x12/problems.ts";
import type { Target } from "../target.ts";

const isa = (version: string, repetition: string) => `ISA*00*          *00*          *ZZ*CLINIC         *ZZ*PAYER          *260301*1200*${repetition}*${version}*000000017*0*P*:~\n`;

export const target: Target = {
  name: "x12",
  seeds: [
    `${isa("00501", "^")}GS*HS*CLINIC*PAYER*20260301*1200*5*X*005010X279A1~\nST*270*0001*005010X279A1~\nBHT*0022*13*Q1*20260301*1200~\nHL*1**20*1~\nNM1*PR*2*EXAMPLE*****PI*77001~\nHL*2*1*21*1~\nNM1*1P*2*CLINIC*****XX*1234567893~\nHL*3*2*22*0~\nNM1*IL*1*EXEMPLAR*ADA****MI*00111~\nDMG*D8*19470823~\nEQ*30^98~\nSE*12*0001~\nGE*1*5~\nIEA*1*000000017~\n`,
    `${isa("00401", "U")}GS*HP*A*B*20041028*1609*1*X*004010X091A1~\nST*835*0001~\nBPR*H*0*C*NON************20041028~\nTRN*1*1*1386000134~\nDTM*405*20041028~\nN1*PR*PAYER~\nN3*BOX 1~\nN4*TOWN*MI*48909~\nN1*PE*NOBODY*FI*444313000~\nLX*1~\nCLP*1A*4*9.39*0**MC*42~\nNM1*QC*1*EXEMPLAR*ADA~\nSVC*HC:T1005*5.04*0**68~\nCAS*CO*16*5.04~\nSE*14*0001~\nGE*1*1~\nIEA*1*000000017~\n`,
    `${isa("00501", "^")}TA1*000000001*260301*1200*A*000~\nGS*HC*A*B*20260301*1200*1*X*005010X222A1~\nST*837*0001*005010X222A1~\nBHT*0019*00*B*20260301*1200*CH~\nHL*1**20*1~\nHL*2*1*22*0~\nCLM*C1*100***11:B:1*Y*A*Y*Y~\nHI*ABK:R69~\nLX*1~\nSV1*HC:99213*100*UN*1***1~\nCLM*C2*1***11:B:1*Y*A*Y*Y~\nSE*11*0001~\nGE*1*1~\nIEA*1*000000017~\n`,
  ],
  words: ["*", ":", "^", "~", "\r\n", "ISA*", "GS*HC*", "ST*837*0001~", "SE*1*0001~", "GE*1*1~", "IEA*1*000000017~", "HL*9*3*22*1~", "CLM*X*1~", "NM1*IL", "REF*", "~~", "\u0000", "00401", "005010X222A1"],
  run(text) {
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0) & 0x7f);
    for (const way of ["interchange", "group", "transaction", "claim"] as const satisfies readonly SplitWay[]) cut(bytes, way);
    const message = readTree("x12", text);
    if (!(message instanceof X12Message)) throw new Error("not read as X12");
    let left = 50;
    for (const { path, value } of message.leaves()) {
      if (left-- <= 0) break;
      if (message.get(path) !== value) throw new Error("a leaf is not at its path");
    }
    const faults = allFaultsOf(message);
    problemsFrom(message, faults);
    const ack = buildX12Ack(message, faults, { now: 0, controlNumber: 1, answer: "999" });
    if (ack !== "") readTree("x12", ack);
    const taken = acceptedText(message, faults);
    if (taken) {
      const rest = readTree("x12", taken);
      if (!(rest instanceof X12Message) || acceptedText(rest, allFaultsOf(rest)) !== undefined) throw new Error("what is accepted is not accepted again");
    }
    message.set("ISA13", "000000018");
    message.recount();
    readTree("x12", message.toString());
  },
};

/** What is wrong with the stream is told with a code, and is no find: the text is read all the same. */
function cut(bytes: Uint8Array, way: SplitWay): void {
  const cutter = splitter(way);
  try {
    for (let at = 0; at < bytes.length; at += 97) cutter.push(bytes.subarray(at, at + 97));
    cutter.finish();
    cutter.problems();
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
