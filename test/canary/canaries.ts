/** Identifiers that nothing else in the world says: wherever one is found, it came from a message of the drill. */
export const canaries = {
  family: "Zyxquoranth", given: "Vellumbria", kin: "Threnodywick", guarantor: "Oswaldinho", insured: "Quillabastra", employer: "Pellucidworks",
  mrn: "77310499226", account: "ACCZ7719045", visit: "VNQ88190437", member: "MEMX90317752", ssn: "518-63-9047", guarantorSsn: "407-82-6613",
  birth: "19470823", phone: "4138827719", email: "vellumbria.zyxq@mailbox.example", street: "8843 Thornwhistle Lane", order: "ORDX5593017", note: "Brontosaurine murmur",
} as const;

/** A registration and its result, of a person who is canaries throughout. `n` is the message's own number. */
export function canaryMessage(n: number, type = "ORU^R01"): string {
  const c = canaries;
  return [
    `MSH|^~\\&|LIS|NORTH|HUB|NORTH|20260301120000||${type}|CN${n}|P|2.5.1`,
    `PID|1||${c.mrn}^^^NS^MR||${c.family}^${c.given}||${c.birth}|F|||${c.street}^^Springfield^MA^01101||${c.phone}^PRN^PH~^NET^Internet^${c.email}|||||${c.account}|${c.ssn}`,
    `NK1|1|${c.kin}^${c.given}|SPO`,
    `PV1|1|I|WARD||||||||||||||||${c.visit}`,
    `GT1|1||${c.guarantor}^Ann|||||||||${c.guarantorSsn}`,
    `IN1|1|PPO|77|Blue||||||${c.employer}|${c.employer}|||||${c.insured}^Bo|SEL|||||||||||||||||||${c.member}`,
    `OBR|1|${c.order}|F${n}|718-7^Hemoglobin^LN`,
    "OBX|1|NM|718-7^Hemoglobin^LN||13.4|g/dL|12.0-16.0|N|||F",
    `NTE|1||${c.note} heard by ${c.given} ${c.family}`,
    "",
  ].join("\r");
}

/** Messages that no reader takes, each with canaries where it breaks. */
export function brokenMessages(): string[] {
  const c = canaries;
  const good = canaryMessage(9000);
  return [
    good.slice(4), good.replace("ORU^R01", c.family), good.replace("|2.5.1", `|${c.mrn}`), good.replace("\rNK1|", `\r${c.family}|`), `${c.ssn}\r${good}`, good.slice(0, 300), good.replace("MSH|", `MSH${c.given}`),
    good.replace("ORU^R01", `ORU^${c.kin}`), good.replace("|P|2.5.1", `|${c.family}|2.5.1`), good.replace("20260301120000||", `20260301120000|${c.email}|`).replace("ORU^R01", "ZZZ^Z99"), `{"mrn":"${c.mrn}"`, c.note,
  ];
}
