import type { LintRule } from "../project.ts";
import { authNone } from "./auth-none.ts";
import { authNotEnforced } from "./auth-not-enforced.ts";
import { formatNotSpoken } from "./format-not-spoken.ts";
import { hostInChannel } from "./host-in-channel.ts";
import { keyOrder } from "./key-order.ts";
import { linkLimit } from "./link-limit.ts";
import { messagePath } from "./message-path.ts";
import { missingLink } from "./missing-link.ts";
import { repeatedChannel } from "./repeated-channel.ts";
import { repeatedIds } from "./repeated-ids.ts";
import { samePort } from "./same-port.ts";
import { secretMissing } from "./secret-missing.ts";
import { typesNotAllowed } from "./types-not-allowed.ts";
import { unknownEndpoint } from "./unknown-endpoint.ts";
import { unknownLookup } from "./unknown-lookup.ts";
import { unknownPartner } from "./unknown-partner.ts";
import { untrustedPackage } from "./untrusted-package.ts";
import { unusedPartner } from "./unused-partner.ts";

/** The rules of configuration. Those of the boundary are in `phi/proof`, and `sluice lint` runs both. */
export const configRules: readonly LintRule[] = [
  authNone,
  authNotEnforced,
  formatNotSpoken,
  hostInChannel,
  keyOrder,
  linkLimit,
  messagePath,
  missingLink,
  repeatedChannel,
  repeatedIds,
  samePort,
  secretMissing,
  typesNotAllowed,
  unknownEndpoint,
  unknownLookup,
  unknownPartner,
  untrustedPackage,
  unusedPartner,
];
