import { ScriptMessage } from "../../codec/script/index.ts";
import type { Tree } from "../../codec/tree.ts";
import type { Partner } from "../../config/project.ts";
import type { Code } from "../../sdk/index.ts";
import { inForce } from "./audit.ts";
import { evidenceFlaw } from "./evidence.ts";
import { controlledIn, type DrugTable } from "./schedule.ts";
import { incompleteness } from "./whole.ts";

export { drugSchedulesOf } from "./schedule.ts";

export interface Flaw {
  readonly code: Code;
  /** Where in the message, a path. */
  readonly where?: string;
}

/**
 * Why a controlled prescription is not taken (21 CFR 1311; phi.md 6.2): there is no audited application behind it, or nothing shows that it, and it alone, was
 * signed with two factors. A drug of unknown schedule counts as controlled. `undefined`: nothing of the kind, or all is there.
 *
 * The engine has not seen anybody sign. It holds what the application states under its key against the bytes, and whether an audit is on file.
 */
export function prescriptionFlaw(tree: Tree, bytes: Uint8Array, evidence: string | undefined, partner: Partner | undefined, now: number, drugs?: DrugTable): Flaw | undefined {
  if (!(tree instanceof ScriptMessage)) return undefined;
  const { signing } = partner ?? {};
  const [drug, ...others] = controlledIn(tree, drugs);
  if (drug === undefined) return undefined;
  // Ingredients of a compound are one prescription; two prescriptions in a message would be signed by one act.
  if (others.some(({ path }) => !path.startsWith(`${drug.path}/`))) return { code: "EPC-213", where: drug.path };
  if (drug.schedule === "I") return { code: "EPC-212", where: drug.path };
  if (!signing) return { code: "EPC-201", where: drug.path };
  if (!inForce(signing.audit, now)) return { code: "EPC-202" };
  if (!saysSigned(tree)) return { code: "EPC-207", where: "/Message/Header/DigitalSignature" };
  const flaw = evidenceFlaw(evidence, bytes, signing, now);
  return flaw ? { code: flaw, where: drug.path } : incompleteness(tree, drug);
}

/** Plainly: whoever only might be signed is not (SCRIPT `DigitalSignature`). */
function saysSigned(message: ScriptMessage): boolean {
  const at = "/Message/Header/DigitalSignature";
  return /^(?:true|1|y)$/i.test(message.get(`${at}/DigitalSignatureIndicator`).trim()) || message.get(`${at}/SignatureValue`).trim() !== "";
}

/** Whether what would leave is a controlled prescription that is not, byte for byte, the one that was received: altered in transmission it is void (21 CFR 1306.08(d), 1311.170). */
export function alters(sent: { readonly tree: Tree; readonly text: string }, received: { readonly format: string; readonly text: string }, drugs?: DrugTable): boolean {
  if (!(sent.tree instanceof ScriptMessage) || (received.format === "script" && sent.text === received.text)) return false;
  return controlledIn(sent.tree, drugs).length > 0;
}
