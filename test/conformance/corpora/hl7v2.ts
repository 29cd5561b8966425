import { detectFormat } from "../../../engine/codec/index.ts";
import { bytesOf, type Corpus, filesIn } from "../corpus.ts";
import { roundTripped } from "../round-trips.ts";

/** Files of a folder that begin as HL7 v2, byte for byte through the codec. */
function hl7In(folder: string): Corpus {
  return {
    name: folder,
    cases: () => filesIn(folder).filter((file) => detectFormat(bytesOf(folder, file).toString("latin1")) === "hl7v2"),
    check: (name) => roundTripped(bytesOf(folder, name), "hl7v2"),
  };
}

export const corpora: readonly Corpus[] = [
  "hl7v2/cdc-data-exchange-hl7",
  "hl7v2/cdc-reportstream-datatests",
  "hl7v2/microsoft-fhir-converter",
].map(hl7In);
