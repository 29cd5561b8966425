/** An 837P of our own as pieces of text, `claims` claims long: one interchange, one transaction set, a subscriber each. About 410 bytes a claim. */
export function* claimFile(claims: number): Generator<string> {
  yield "ISA*00*          *00*          *ZZ*EXAMPLECLINIC  *ZZ*EXAMPLEPAYER   *260301*1200*^*00501*000000001*0*T*:~\n";
  yield "GS*HC*EXAMPLECLINIC*EXAMPLEPAYER*20260301*1200*1*X*005010X222A1~\nST*837*0001*005010X222A1~\nBHT*0019*00*B1*20260301*1200*CH~\n";
  yield "NM1*41*2*EXAMPLE CLINIC*****46*S1~\nPER*IC*DESK*TE*5555550100~\nNM1*40*2*EXAMPLE PAYER*****46*R1~\n";
  yield "HL*1**20*1~\nPRV*BI*PXC*207Q00000X~\nNM1*85*2*EXAMPLE CLINIC*****XX*1234567893~\nN3*2 EXAMPLE ROAD~\nN4*SPRINGFIELD*IL*62701~\nREF*EI*123456789~\n";
  let segments = 11;
  for (let i = 1; i <= claims; i++) {
    yield (
      `HL*${i + 1}*1*22*0~\nSBR*P*18*GROUP${i % 97}******CI~\nNM1*IL*1*EXEMPLAR${i}*ADA****MI*M${String(i).padStart(9, "0")}~\nN3*${i} EXAMPLE ROAD~\nN4*SPRINGFIELD*IL*62701~\n` +
      `DMG*D8*19${String(10 + (i % 90))}0823*F~\nNM1*PR*2*EXAMPLE PAYER*****PI*77001~\nCLM*C${i}*${100 + (i % 50)}***11:B:1*Y*A*Y*Y~\nREF*D9*${1_000_000 + i}~\n` +
      `HI*ABK:J0300*ABF:Z1159~\nLX*1~\nSV1*HC:99213*60*UN*1***1:2~\nDTP*472*D8*20260301~\nREF*6R*${i}A~\nLX*2~\nSV1*HC:87070:59*${40 + (i % 50)}*UN*1***1~\nDTP*472*D8*20260301~\nREF*6R*${i}B~\n`
    );
    segments += 18;
  }
  yield `SE*${segments + 1}*0001~\nGE*1*1~\nIEA*1*000000001~\n`;
}
