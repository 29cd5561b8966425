import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "../../../engine/codec/bytes/index.ts";
import { parseXml } from "../../../engine/codec/index.ts";
import { codeOf } from "../../../engine/sdk/error.ts";
import { bytesOf, type Corpus, filesIn, type Verdict } from "../corpus.ts";
import { roundTripped } from "../round-trips.ts";

/** What must come of files that are not to be read: by file, the code. */
const { files: refusals } = JSON.parse(readFileSync(join(import.meta.dirname, "../verdicts/xml.json"), "utf8")) as { readonly files: Readonly<Record<string, { readonly code: string }>> };

/** Every file of a folder through the one reader: bytes, namespaces, CDATA and quotes kept, or refused for what it holds. */
function xmlIn(folder: string): Corpus {
  return { name: folder, cases: () => filesIn(folder, /\.xml$/), check: (name) => checked(folder, name) };
}

function checked(folder: string, name: string): Verdict {
  const bytes = bytesOf(folder, name);
  const wanted = refusals[`${folder}/${name}`]?.code;
  if (wanted === undefined) return roundTripped(bytes, "xml");
  try {
    parseXml(decode(bytes, { format: "xml" }).text);
    return { ok: false, differs: `${wanted} wanted, and it was read` };
  } catch (error) {
    const found = codeOf(error, "CLI-999" as never);
    return { ok: found === wanted, differs: `${wanted} wanted, found ${found}` };
  }
}

export const corpora: readonly Corpus[] = ["ccda/hl7-ccda-examples", "fhir/fhir-r4-examples", "fhir/fhir-validator-cases", "auth/node-saml", "hostile/payloads-xxe"].map((folder) => {
  const corpus = xmlIn(folder);
  return { ...corpus, name: `${folder}:xml` };
});
