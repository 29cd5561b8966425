import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "../../../engine/codec/bytes/index.ts";
import { readTree } from "../../../engine/codec/index.ts";
import { validatorOf } from "../../../engine/codec/validate.ts";
import { bytesOf, type Corpus, filesIn } from "../corpus.ts";
import { roundTripped } from "../round-trips.ts";

const folder = "ncpdp/cosyte-ncpdp";
const { files: verdicts } = JSON.parse(readFileSync(join(import.meta.dirname, "../verdicts/script.json"), "utf8")) as {
  readonly files: Readonly<Record<string, { readonly verdict: string }>>;
};

export const corpora: readonly Corpus[] = [
  { name: folder, cases: () => filesIn(folder, /\.xml$/), check: (name) => roundTripped(bytesOf(folder, name), "script") },
  {
    name: `${folder}:validated`,
    cases: () => filesIn(folder, /\.xml$/),
    async check(name) {
      const wanted = verdicts[name]?.verdict ?? "no verdict";
      const validate = await validatorOf("script");
      const errors = validate(readTree("script", decode(bytesOf(folder, name), { format: "script" }).text)).filter(({ severity }) => severity === "error");
      const found = errors.length === 0 ? ["valid"] : errors.map(({ code }) => code as string);
      return { ok: found.includes(wanted), differs: `${wanted} wanted, found ${errors.map(({ code, path }) => `${code} ${path}`).join(", ") || "none"}` };
    },
  },
];
