// What a 271 says, for the application that asked.

interface Read {
  get(path: string): string;
  values(path: string): readonly string[];
  loops(path: string): readonly string[];
  all(path: string): readonly { get(path: string): string }[];
}

/** EB01: 1 to 5 active, 6 to 8 inactive. */
const active = /^[1-5]$/;

export default function benefitsOf271(msg: Read): object {
  // A payer that cannot answer says why (AAA03), at whatever level.
  const refused = msg.values("AAA03");
  const benefits = [...msg.loops("2110C"), ...msg.loops("2110D")].map((loop) => ({
    information: msg.get(`${loop}/EB01`),
    services: msg.values(`${loop}/EB[1]03`),
    plan: msg.get(`${loop}/EB05`),
    amount: msg.get(`${loop}/EB07`),
    percent: msg.get(`${loop}/EB08`),
  }));
  return { eligible: refused.length === 0 && benefits.some(({ information }) => active.test(information)), refused, payer: msg.get("2100A/NM103"), benefits };
}
