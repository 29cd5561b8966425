import { join } from "node:path";
import { dataFolder } from "../config/read/data-folder.ts";
import { accounting, type Accounting } from "../disclosures/accounting.ts";
import { auditEvents } from "../disclosures/balp.ts";
import { entriesOf } from "../disclosures/entries.ts";
import { evidence } from "../disclosures/evidence.ts";
import { evidenceText } from "../disclosures/evidence-text.ts";
import { systemClock } from "../runtime/clock.ts";
import { EngineError } from "../sdk/error.ts";
import { ledgerFiles, ledgerFolderName } from "../store/ledger/files.ts";
import type { Call, ExitCode } from "./command.ts";
import { askLedger, ownerOf } from "./disclosures-ask.ts";
import { projectOf } from "./project-folder.ts";
import { momentOf, timesTaken } from "./time-words.ts";
import { wantedPurpose } from "./unmask.ts";
import { wrongCall } from "./wrong-call.ts";

const yearMs = 365.25 * 86_400_000;

/** What left for one partner, month by month, with what an auditor asks about it. */
export async function report(call: Call): Promise<ExitCode> {
  const { terminal, flags, json } = call;
  const { partner } = flags;
  if (typeof partner !== "string" || partner === "") return wrongCall(terminal, "report needs --partner NAME", "disclosures");
  const asked = await askedOf(call, 1);
  if (typeof asked === "string") return wrongCall(terminal, asked, "disclosures");
  const { root, from, to, purpose } = asked;
  await askLedger(root, { what: "partner", purpose, partner });
  const found = await evidence(entriesOf(filesOf(root)), { partner, from, to });
  terminal.out(json ? JSON.stringify(found) : evidenceText(found));
  return 0;
}

/** The accounting of disclosures of one patient (45 CFR 164.528). */
export async function patient(call: Call): Promise<ExitCode> {
  const { terminal, flags, json } = call;
  const { id } = flags;
  if (typeof id !== "string" || id === "") return wrongCall(terminal, "patient needs --id, as messages give it", "disclosures");
  const asked = await askedOf(call, 6);
  if (typeof asked === "string") return wrongCall(terminal, asked, "disclosures");
  const { root, from, to, purpose } = asked;
  const owner = typeof flags["owner"] === "string" ? flags["owner"] : await ownerOf(root);
  const hash = await askLedger(root, { what: "patient", purpose, owner, id });
  const found = await accounting(entriesOf(filesOf(root)), { patient: hash, from, to, all: flags["all"] === true });
  terminal.out(json ? JSON.stringify(found) : accountingText(found));
  return 0;
}

/** FHIR AuditEvents, one a line. */
export async function exportEvents(call: Call): Promise<ExitCode> {
  const { terminal, flags } = call;
  if (flags["balp"] !== true) return wrongCall(terminal, "export needs a form: --balp", "disclosures");
  const asked = await askedOf(call, 1);
  if (typeof asked === "string") return wrongCall(terminal, asked, "disclosures");
  const { root, from, to, purpose } = asked;
  await askLedger(root, { what: "export", purpose });
  for await (const event of auditEvents(entriesOf(filesOf(root)), { from, to })) {
    if (terminal.signal.aborted) return 1;
    terminal.out(JSON.stringify(event));
  }
  return 0;
}

async function askedOf(call: Call, years: number) {
  const { terminal, flags } = call;
  const wanted = await wantedPurpose(call);
  if (typeof wanted === "string") return wanted;
  if (wanted.purpose === undefined) return "the question itself is recorded, so it needs a --purpose: TREAT, HPAYMT, HOPERAT, PUBHLTH, PATRQT or HSYSADMIN";
  const now = systemClock.now();
  const moment = (name: "from" | "to", standard: number) => (flags[name] === undefined ? standard : momentOf(String(flags[name]), now));
  const [from, to] = [moment("from", now - years * yearMs), moment("to", now + 1)];
  if (from === undefined || to === undefined) return timesTaken;
  return { root: projectOf(terminal, flags), from: new Date(from).toISOString(), to: new Date(to).toISOString(), purpose: wanted.purpose };
}

function filesOf(root: string): readonly string[] {
  const paths = ledgerFiles(join(dataFolder(root), ledgerFolderName));
  if (paths.length === 0) throw new EngineError("DIS-101");
  return paths;
}

function accountingText({ from, to, disclosures, leftOut, notAllNamed, noneNamed }: Accounting): string {
  const lines = [`Accounting of disclosures from ${from.slice(0, 10)} to ${to.slice(0, 10)} (45 CFR 164.528)`, ""];
  for (const each of disclosures) {
    const times = each.count === 1 ? each.first : `${each.count} times, first ${each.first}, last ${each.last}`;
    lines.push(
      `${each.legalName ?? each.recipient}${each.address === undefined ? "" : `, ${each.address}`}`,
      `  when     ${times}`,
      `  what     ${each.what.join("; ")}`,
      `  purpose  ${[each.purpose, each.basis].filter((text) => text !== undefined).join(", ") || "not stated"}`,
      ...(each.assumed > 0 ? [`  of these ${each.assumed} may not have arrived: nobody knows, so they are counted`] : []),
      ...(each.exempt === undefined ? [] : [`  need not be in an accounting: ${each.exempt}`]),
      "",
    );
  }
  if (disclosures.length === 0) lines.push("none", "");
  if (leftOut > 0) lines.push(`${leftOut} disclosures that need not be in an accounting (treatment, payment, operations, to the individual, by authorization, limited data set, nothing identifying); --all shows them`);
  if (notAllNamed > 0) lines.push(`${notAllNamed} disclosures in this time whose patients are not all named here: they may be about this patient too`);
  if (noneNamed > 0) lines.push(`${noneNamed} disclosures in this time that say of nobody whom they are about: they may be about this patient too`);
  return lines.join("\n").trimEnd();
}
