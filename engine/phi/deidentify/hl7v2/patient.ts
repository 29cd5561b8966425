import { Hl7Message, type Hl7Segment } from "../../../codec/index.ts";
import type { Tree } from "../../../codec/tree.ts";
import { hl7Assigner } from "../ids.ts";
import { type Patient, patientFrom } from "../patient.ts";

/** The one patient of a message. Several have none in common: what moves their dates is read beside each. */
export function patientOf(raw: Tree): Patient {
  if (!(raw instanceof Hl7Message)) return {};
  const [first, ...others] = raw.all("PID");
  return first && others.length === 0 ? patientIn(first) : {};
}

/** By the number of the medical record (PID-3, type MR), else the first number; the birth date of PID-7. */
export function patientIn(pid: Hl7Segment): Patient {
  const at = (component: string) => pid.get(`3[${recordNumber(pid)}].${component}`) ?? undefined;
  return patientFrom(at("1"), hl7Assigner(at("4.1") ?? "", at("4.2") ?? "", at("4.3") ?? ""), pid.get("7") ?? undefined);
}

/** Which repetition of PID-3 is the number of the medical record. */
export function recordNumber(pid: Hl7Segment): number {
  for (let n = 1; pid.presence(`3[${n}]`) !== "absent" && n <= most; n++) if (pid.get(`3[${n}].5`) === "MR") return n;
  return 1;
}

/** Numbers of one patient that are looked at. */
const most = 200;
