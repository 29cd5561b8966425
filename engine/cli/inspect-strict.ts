import { resolve } from "node:path";
import { knownProfile } from "../codec/fhir-validate/shipped.ts";
import { type Validator, validatorOf } from "../codec/validate.ts";
import { nodeFiles } from "../config/index.ts";
import { profileIn } from "../config/read/profiles.ts";
import type { Format } from "../sdk/content.ts";

/** What `inspect` holds messages against: their standard and, where one is named, a profile. */
export interface Strictness {
  of(format: Format): Promise<Validator>;
}

/**
 * `named`: a profile of `profiles/` below `cwd`, the path of its file, or the canonical address of a FHIR profile, or `us-core`. Gives the sentence for the caller when
 * there is none, or it has a mistake.
 */
export function strictness(cwd: string, named: string | undefined): Strictness | string {
  const isAddress = named !== undefined && /^(?:https?:\/\/.*|us-core)$/.test(named);
  if (isAddress && !knownProfile(named)) return "no FHIR profile of that address is shipped; US Core 6.1.0 and the vital signs of R4 are";
  const local = named === undefined || isAddress ? undefined : profileIn(resolve(cwd), named, nodeFiles);
  if (typeof local === "string") return local;
  const made = new Map<Format, Promise<Validator>>();
  return {
    of(format) {
      let validator = made.get(format);
      if (validator === undefined) {
        const against = { ...(named === undefined ? {} : { profile: named }), ...(local === undefined ? {} : { local }) };
        made.set(format, (validator = validatorOf(format, against)));
      }
      return validator;
    },
  };
}
