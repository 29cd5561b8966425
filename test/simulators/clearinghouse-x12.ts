/** What a clearinghouse writes, by hand and without the engine's codec: that is its use. */

/** What an 837 says of one claim. */
export interface Claimed {
  /** CLM01. */
  readonly claim: string;
  /** ST02. */
  readonly set: string;
  /** CLM02, as written. */
  readonly charge: string;
  readonly patient: { readonly last: string; readonly first: string; readonly member: string };
  readonly payer: { readonly id: string; readonly name: string };
  readonly provider: { readonly name: string; readonly npi: string };
}

type Row = readonly string[];

const rows = (text: string): readonly Row[] => text.split("~").map((line) => line.trim()).filter((line) => line !== "").map((line) => line.split("*"));
const first = (all: readonly Row[], ...start: readonly string[]): Row => all.find((row) => start.every((value, i) => row[i] === value)) ?? [];

export function claimsIn(text: string): readonly Claimed[] {
  const sets = text.split(/(?=ST\*837\*)/).slice(1).map(rows);
  return sets.flatMap((set) => {
    const [insured, payer, provider] = [first(set, "NM1", "IL"), first(set, "NM1", "PR"), first(set, "NM1", "85")];
    return set.filter(([id]) => id === "CLM").map((clm) => ({
      claim: clm[1] ?? "", set: first(set, "ST")[2] ?? "", charge: clm[2] ?? "0",
      patient: { last: insured[3] ?? "", first: insured[4] ?? "", member: insured[9] ?? "" },
      payer: { id: payer[9] ?? "", name: payer[3] ?? "" },
      provider: { name: provider[3] ?? "", npi: provider[9] ?? "" },
    }));
  });
}

const today = () => new Date().toISOString().slice(0, 10).replaceAll("-", "");
const isa = (control: number) => `ISA*00*          *00*          *ZZ*EXAMPLEHOUSE   *ZZ*VISITSCLINIC   *${today().slice(2)}*1200*^*00501*${String(control).padStart(9, "0")}*0*P*:~\n`;
const iea = (control: number, groups = 1) => `IEA*${groups}*${String(control).padStart(9, "0")}~\n`;

function interchange(control: number, group: string, convention: string, set: string, body: readonly string[]): string {
  const lines = [`ST*${set}*0001*${convention}`, ...body, `SE*${body.length + 2}*0001`];
  return `${isa(control)}GS*${group}*EXAMPLEHOUSE*VISITSCLINIC*${today()}*1200*${control}*X*${convention}~\n${lines.map((line) => `${line}~\n`).join("")}GE*1*${control}~\n${iea(control)}`;
}

/** Each transaction set accepted or, for a missing segment, rejected; the group partially where both happen. */
export function answered999(control: number, file: string, claims: readonly Claimed[], isRejected: (claim: string) => boolean): string {
  const gs = first(rows(file), "GS");
  const bad = claims.filter(({ claim }) => isRejected(claim)).length;
  const sets = claims.flatMap(({ claim, set }) => (isRejected(claim) ? [`AK2*837*${set}*${gs[8]}`, "IK3*HI*20*2300*3", "IK5*R*5"] : [`AK2*837*${set}*${gs[8]}`, "IK5*A"]));
  const said = bad === 0 ? "A" : bad === claims.length ? "R" : "P";
  return interchange(control, "FA", "005010X231A1", "999", [`AK1*HC*${gs[6]}*${gs[8]}`, ...sets, `AK9*${said}*${claims.length}*${claims.length}*${claims.length - bad}`]);
}

/** TA1: the whole interchange is refused (TA105 024, invalid interchange content). */
export function rejectedFile(control: number, file: string): string {
  const theirs = first(rows(file), "ISA");
  return `${isa(control)}TA1*${theirs[13]}*${theirs[9]}*${theirs[10]}*R*024~\n${iea(control, 0)}`;
}

/** 277CA: each claim taken (A2) or rejected for information that is missing (A6). */
export function acknowledged(control: number, claims: readonly Claimed[], isRefused: (claim: string) => boolean): string {
  const refused = claims.filter(({ claim }) => isRefused(claim));
  const taken = claims.filter(({ claim }) => !isRefused(claim));
  const sum = (of: readonly Claimed[]) => of.reduce((cents, { charge }) => cents + Math.round(Number(charge) * 100), 0) / 100;
  const [{ payer, provider }] = claims as [Claimed];
  const about = claims.flatMap(({ claim, charge, patient }, i) => [
    `HL*${i + 4}*3*PT`,
    `NM1*QC*1*${patient.last}*${patient.first}****MI*${patient.member}`,
    `TRN*2*${claim}`,
    isRefused(claim) ? `STC*A6:21*${today()}*U*${charge}` : `STC*A2:20*${today()}*WQ*${charge}`,
    ...(isRefused(claim) ? [] : [`REF*1K*P${claim}`]),
    `DTP*472*D8*20260301`,
  ]);
  return interchange(control, "HN", "005010X214", "277", [
    `BHT*0085*08*CA${control}*${today()}*1200*TH`,
    "HL*1**20*1", `NM1*PR*2*${payer.name}*****PI*${payer.id}`, `TRN*1*R${control}`, `DTP*050*D8*${today()}`, `DTP*009*D8*${today()}`,
    "HL*2*1*21*1", "NM1*41*2*VISITS CLINIC*****46*VISITSCLINIC", `TRN*2*B${control}`, `STC*A1:19*${today()}*WQ*${sum(claims)}`,
    ...(taken.length > 0 ? [`QTY*90*${taken.length}`] : []), ...(refused.length > 0 ? [`QTY*AA*${refused.length}`] : []),
    ...(taken.length > 0 ? [`AMT*YU*${sum(taken)}`] : []), ...(refused.length > 0 ? [`AMT*YY*${sum(refused)}`] : []),
    "HL*3*2*19*1", `NM1*85*2*${provider.name}*****XX*${provider.npi}`,
    ...about,
  ]);
}

/** One check for all of them: 80 % of each charge is paid, or nothing. */
export function remitted835(control: number, claims: readonly Claimed[], isDenied: (claim: string) => boolean): string {
  const cents = (text: string) => Math.round(Number(text) * 100);
  const money = (amount: number) => (amount / 100).toFixed(2);
  const paid = ({ claim, charge }: Claimed) => (isDenied(claim) ? 0 : Math.floor(cents(charge) * 0.8));
  const [payer, provider] = [claims[0]?.payer, claims[0]?.provider];
  const about = claims.flatMap((each) => {
    const { claim, charge, patient } = each;
    const left = cents(charge) - paid(each);
    return [`CLP*${claim}*${isDenied(claim) ? 4 : 1}*${money(cents(charge))}*${money(paid(each))}**12*P${claim}`, `CAS*CO*${isDenied(claim) ? 29 : 45}*${money(left)}`, `NM1*QC*1*${patient.last}*${patient.first}****MI*${patient.member}`];
  });
  return interchange(control, "HP", "005010X221A1", "835", [
    `BPR*I*${money(claims.reduce((sum, each) => sum + paid(each), 0))}*C*CHK************${today()}`,
    `TRN*1*CHECK${control}*1512345678`,
    `N1*PR*${payer?.name}*XV*${payer?.id}`, "N3*7 PAYER STREET", "N4*BOSTON*MA*02110", "PER*BL*PAYER DESK*TE*5555550111",
    `N1*PE*${provider?.name}*XX*${provider?.npi}`,
    "LX*1", ...about,
  ]);
}

/** 271 to one 270: an active plan with a copay, or nobody of that number (AAA03 75). */
export function eligible271(control: number, question: string, isKnown: boolean): string {
  const asked = rows(question);
  const [payer, provider, insured, born, trace] = [first(asked, "NM1", "PR"), first(asked, "NM1", "1P"), first(asked, "NM1", "IL"), first(asked, "DMG"), first(asked, "TRN")];
  return interchange(control, "HB", "005010X279A1", "271", [
    `BHT*0022*11*${first(asked, "BHT")[3]}*${today()}*1200`,
    "HL*1**20*1", payer.join("*"), "HL*2*1*21*1", provider.join("*"), "HL*3*2*22*0",
    ["TRN", "2", ...trace.slice(2)].join("*"), insured.join("*"),
    ...(isKnown ? [born.join("*"), `DTP*346*D8*20260101`, "EB*1**30**GOLD PLAN", "EB*B**98***27*30*****Y"] : ["AAA*N**75*C"]),
  ]);
}

/** 277 to one 276: a claim that it knows is pending with the payer (P1), another is not found (A4). */
export function status277(control: number, question: string, claims: ReadonlyMap<string, Claimed>): string {
  const asked = rows(question);
  const [payer, receiver, provider, insured, trace] = [first(asked, "NM1", "PR"), first(asked, "NM1", "41"), first(asked, "NM1", "1P"), first(asked, "NM1", "IL"), first(asked, "TRN")];
  const known = claims.get(trace[2] ?? "");
  return interchange(control, "HN", "005010X212", "277", [
    `BHT*0010*08*${first(asked, "BHT")[3]}*${today()}*1200*DG`,
    "HL*1**20*1", payer.join("*"), "HL*2*1*21*1", receiver.join("*"), "HL*3*2*19*1", provider.join("*"), "HL*4*3*22*0", insured.join("*"),
    `TRN*2*${trace[2]}`, known ? `STC*P1:20*${today()}**${known.charge}` : `STC*A4:35*${today()}`,
    ...(known ? [`REF*1K*P${known.claim}`] : []), `REF*EJ*${trace[2]}`, "DTP*472*D8*20260301",
  ]);
}

/** 277 of one claim that nobody has asked about. */
export function said277(control: number, claim: string, category: string): string {
  return interchange(control, "HN", "005010X212", "277", [
    `BHT*0010*08*S${control}*${today()}*1200*DG`,
    "HL*1**20*1", "NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*77001", "HL*2*1*21*1", "NM1*41*2*VISITS CLINIC*****46*VISITSCLINIC", "HL*3*2*19*1", "NM1*1P*2*VISITS CLINIC*****XX*1234567893", "HL*4*3*22*0",
    "NM1*IL*1*TESTPATIENT*ALMA****MI*MBR90017734", `TRN*2*${claim}`, `STC*${category}:20*${today()}`, `REF*EJ*${claim}`, "DTP*472*D8*20260301",
  ]);
}
