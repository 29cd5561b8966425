import type { Tree } from "../../codec/tree.ts";
import type { DeidentifySpec } from "../../config/project.ts";
import type { DeidentifyContext } from "./context.ts";
import type { Patient } from "./patient.ts";
import type { Policy } from "./policy.ts";

/** How one format is de-identified: by its policy files alone, never by code of the project. */
export interface FormatPolicy {
  /** Files that decide, for names in proofs and for the hash of an expert's configuration. */
  readonly policies: readonly Policy[];
  /** The patient of a raw message, so that no transform decides whose dates move together. */
  patientOf(raw: Tree): Patient;
  /**
   * The de-identified text. `context` holds of the patient what the raw message says; a text about several asks `about` for each.
   * Throws `PHI-230` for what no policy covers, and the codec's codes or `PHI-231` for what cannot be read; then nothing leaves.
   */
  deidentify(text: string, context: DeidentifyContext): string;
  /** What of a de-identified text the policy does not say word for word, for the guard; nothing when the text is not as the policy writes. */
  beyondVocabulary?(text: string, raw: Tree, spec: Pick<DeidentifySpec, "method">): string | undefined;
}
