import { type Schedule, type Scheduled, type ScriptMessage, scheduleOf } from "../../codec/script/index.ts";
import type { Project } from "../../config/project.ts";

/** Transactions that order or change what is dispensed (21 CFR 1311; SCRIPT). */
const prescribing: readonly string[] = ["NewRx", "RxRenewalResponse", "RxChangeResponse", "RxTransferResponse", "Resupply"];

/** What a drug table says of a code: a schedule, or that the drug is none of the Controlled Substances Act's. */
export type DrugTable = Readonly<Record<string, string>>;
const listed: readonly string[] = ["I", "II", "III", "IV", "V"];

/** A drug that is controlled, or of which nobody can say that it is not. */
export interface Controlled {
  readonly path: string;
  /** `unknown`: no source says, or two differ. */
  readonly schedule: Extract<Schedule, "I" | "II" | "III" | "IV" | "V" | "unknown">;
}

/**
 * The drugs of a prescription that are controlled, by two sources: what the message states, and the project's table of drug codes. Only where the table says
 * `none` of a code of the drug, and the message states no schedule, is a drug taken for not controlled: that nothing is stated is no evidence (phi.md 6.2, E1).
 */
export function controlledIn(message: ScriptMessage, drugs: DrugTable = {}): readonly Controlled[] {
  if (!prescribing.includes(message.type)) return [];
  const all = scheduleOf(message);
  // A renewal that is denied orders nothing; a new prescription in which no drug can be found may be of any.
  if (all.length === 0) return message.type === "NewRx" ? [{ path: `/Message/Body/${message.type}`, schedule: "unknown" }] : [];
  return all.flatMap((drug): readonly Controlled[] => {
    const schedule = agreed(drug, drugs);
    return schedule === "none" ? [] : [{ path: drug.path, schedule }];
  });
}

function agreed({ schedule, isStated, codes }: Scheduled, drugs: DrugTable): Controlled["schedule"] | "none" {
  const known = new Set(codes.flatMap(({ code }) => (Object.hasOwn(drugs, code) ? [drugs[code] ?? ""] : [])));
  const [table] = known.size === 1 ? known : [undefined];
  // What is stated and not understood, or twice and differently, is not silence.
  const isSilent = schedule === "unspecified" || !isStated;
  if (table === "none") return isSilent ? "none" : "unknown";
  if (table !== undefined && !listed.includes(table)) return "unknown";
  if (table === undefined) return schedule === "unspecified" ? "unknown" : schedule;
  return isSilent || schedule === table ? (table as Controlled["schedule"]) : "unknown";
}

/** The project's table of drug codes, where it names one. */
export function drugSchedulesOf({ settings, lookups }: Pick<Project, "settings" | "lookups">): DrugTable | undefined {
  return settings.drugSchedules === undefined ? undefined : lookups.get(settings.drugSchedules);
}
