import type { LintRule } from "../project.ts";
import { alertWay } from "./alert-way.ts";
import { answerDeadline } from "./answer-deadline.ts";
import { authNone } from "./auth-none.ts";
import { authNotEnforced } from "./auth-not-enforced.ts";
import { batchFormat } from "./batch-format.ts";
import { caseKind } from "./case-kind.ts";
import { caseState } from "./case-state.ts";
import { credential } from "./credential.ts";
import { contradiction } from "./contradiction.ts";
import { connectorOptions } from "./connector-options.ts";
import { deliveryWindow } from "./delivery-window.ts";
import { endpointProtocol } from "./endpoint-protocol.ts";
import { fallbackCycle } from "./fallback-cycle.ts";
import { fallbackFilter } from "./fallback-filter.ts";
import { formatNotSpoken } from "./format-not-spoken.ts";
import { handOff } from "./hand-off.ts";
import { handOffCycle } from "./hand-off-cycle.ts";
import { heldOwner } from "./held-owner.ts";
import { hostInChannel } from "./host-in-channel.ts";
import { inboundAuth } from "./inbound-auth.ts";
import { issuer } from "./issuer.ts";
import { keptShorter } from "./kept-shorter.ts";
import { keyOrder } from "./key-order.ts";
import { linkLimit } from "./link-limit.ts";
import { mapNames } from "./map-names.ts";
import { messagePath } from "./message-path.ts";
import { missingLink } from "./missing-link.ts";
import { namedDestination } from "./named-destination.ts";
import { neverAllowed } from "./never-allowed.ts";
import { ownParty } from "./own-party.ts";
import { repeatedChannel } from "./repeated-channel.ts";
import { repeatedIds } from "./repeated-ids.ts";
import { samePort } from "./same-port.ts";
import { secretMissing } from "./secret-missing.ts";
import { sourceCharset } from "./source-charset.ts";
import { splitCharset } from "./split-charset.ts";
import { splitFormat } from "./split-format.ts";
import { tooSlow } from "./too-slow.ts";
import { typesNotAllowed } from "./types-not-allowed.ts";
import { unknownEndpoint } from "./unknown-endpoint.ts";
import { unknownLookup } from "./unknown-lookup.ts";
import { unknownOutcome } from "./unknown-outcome.ts";
import { unknownPartner } from "./unknown-partner.ts";
import { unknownProfile } from "./unknown-profile.ts";
import { unqueued } from "./unqueued.ts";
import { untrustedPackage } from "./untrusted-package.ts";
import { unusedPartner } from "./unused-partner.ts";
import { vendorAddress, vendorQuestions } from "./vendor-profile.ts";

/** The rules of configuration. Those of the boundary are in `phi/proof`, and `sluice lint` runs both. */
export const configRules: readonly LintRule[] = [
  alertWay,
  answerDeadline,
  authNone,
  authNotEnforced,
  connectorOptions,
  batchFormat,
  caseKind,
  caseState,
  contradiction,
  credential,
  deliveryWindow,
  endpointProtocol,
  fallbackCycle,
  fallbackFilter,
  formatNotSpoken,
  handOff,
  handOffCycle,
  heldOwner,
  hostInChannel,
  inboundAuth,
  issuer,
  keptShorter,
  keyOrder,
  linkLimit,
  mapNames,
  messagePath,
  missingLink,
  namedDestination,
  neverAllowed,
  ownParty,
  repeatedChannel,
  repeatedIds,
  samePort,
  secretMissing,
  sourceCharset,
  splitCharset,
  splitFormat,
  tooSlow,
  typesNotAllowed,
  unknownEndpoint,
  unknownLookup,
  unknownOutcome,
  unknownPartner,
  unknownProfile,
  unqueued,
  untrustedPackage,
  unusedPartner,
  vendorAddress,
  vendorQuestions,
];
