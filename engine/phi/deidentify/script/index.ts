import { parseScript, ScriptMessage } from "../../../codec/index.ts";
import { buildScript, type Content } from "../../../codec/script/build.ts";
import { transactions, versionIn } from "../../../codec/script/structures.ts";
import { type Element, localName } from "../../../codec/xml/node.ts";
import { EngineError } from "../../../sdk/index.ts";
import type { DeidentifyContext } from "../context.ts";
import { latestOf } from "../dates.ts";
import type { FormatPolicy } from "../format.ts";
import { patientFrom } from "../patient.ts";
import { wordsOf } from "../places.ts";
import { insideOf, valuesOf } from "./element.ts";
import { policy } from "./table.ts";
import { beyondVocabulary } from "./vocabulary.ts";

/** NCPDP SCRIPT 2017071 and 2023011. Every message is written anew from what its rows let stand; a signature is gone with what it was made over. */
export const script: FormatPolicy = {
  policies: [policy],
  patientOf(raw) {
    if (!(raw instanceof ScriptMessage)) return {};
    const { root } = raw;
    const first = (...names: string[]) => names.flatMap((name) => valuesOf(root, (each) => each.owner === "PatientIdentification" && each.name === name))[0];
    const [birth] = valuesOf(root, ({ owner }) => owner === "BirthDate");
    const id = first("MedicalRecordIdentificationNumberEHR", "PatientID", "UniqueSystemID", "PatientAccountNumber");
    return patientFrom(id, "", birth);
  },
  deidentify(text, context) {
    const { root, version } = parseScript(text);
    const of = (wanted: string) => root.children.filter(({ name }) => localName(name) === wanted);
    const [header, body] = [of("Header"), of("Body")];
    const [head] = header;
    const [content] = body;
    const known = versionIn(version);
    if (known === undefined || content === undefined || header.length > 1 || body.length > 1) throw new EngineError("PHI-231");
    const latest = latestOf(valuesOf(root, ({ owner, name }) => owner === "DateOrTime" || (owner === "Header" && name === "SentTime")));
    const names = new Set(valuesOf(root, ({ owner }) => owner === "PersonName" || owner === "ProviderName" || owner === "ResponsibleParty").flatMap(wordsOf));
    const given = { ...context, ...(latest !== undefined && { latest }), names };
    return buildScript({ version: known, header: (head && insideOf(head, "Header", given)) ?? {}, body: transaction(content, given) });
  },
  beyondVocabulary,
};

/** The one transaction that a body holds, with what is left of it, which may be nothing: that somebody cancelled a prescription says nothing of whom. */
function transaction(body: Element, context: DeidentifyContext): Parameters<typeof buildScript>[0]["body"] {
  const [only, ...others] = body.children;
  const name = only === undefined ? "" : localName(only.name);
  if (others.length > 0 || !transactions.has(name)) throw new EngineError("PHI-230");
  return { [name]: (insideOf(body, "Body", context)?.[name] ?? {}) as Content };
}
