import { detectFormat } from "../../../engine/codec/index.ts";
import { bytesOf, type Corpus, filesIn } from "../corpus.ts";
import { roundTripped } from "../round-trips.ts";

/** Files of a folder that begin as X12, byte for byte through the codec. */
function x12In(folder: string): Corpus {
  return {
    name: folder,
    cases: () => filesIn(folder, /./).filter((file) => detectFormat(bytesOf(folder, file).toString("latin1").replace(/^\u00ef\u00bb\u00bf/, "")) === "x12"),
    check: (name) => roundTripped(bytesOf(folder, name), "x12"),
  };
}

export const corpora: readonly Corpus[] = ["x12/edi-net", "x12/imsweb-x12-parser", "x12/linuxforhealth-x12", "x12/moov-x12", "x12/node-x12", "x12/pyx12"].map(x12In);
