import { durationPattern, formats, Type } from "../../sdk/index.ts";
import { levels } from "../project.ts";

/** Words that several files share. */
export const level = (description: string) => Type.Enum([...levels], { description, examples: ["phi"] });

/** Legal compartments that no general agreement covers (phi.md 1.3). */
export const compartmentNames = [
  "part2", "sud-counseling-notes", "psychotherapy-notes", "behavioral", "hiv", "sti", "genetic", "reproductive",
  "minor-confidential", "violence", "self-pay", "title38", "vip", "employee", "pan", "secret",
] as const;

/** What a sender of such data owes: the notice of 42 CFR 2.32, no further disclosure, encryption on the way (phi.md 1.1). */
export const obligationNames = ["part2-notice", "part2-consent-copy", "no-redisclosure", "encryption"] as const;

export const compartments = (description: string) =>
  Type.Array(Type.Enum([...compartmentNames]), { description, default: [], examples: [["part2"]] });

/** Purposes of use: codes of HL7 v3 ActReason, PurposeOfUse. */
export const purposeNames = [
  "TREAT", "ETREAT", "ERTREAT", "COC", "CAREMGT", "CLINTRCH", "POPHLTH", "BTG",
  "HPAYMT", "CLMATTCH", "COVAUTH", "COVERAGE", "ELIGDTRM", "ELIGVER", "ENROLLM", "REMITADV",
  "HOPERAT", "DONAT", "FRAUD", "GOV", "HACCRED", "HCOMPL", "HDECD", "HDIRECT", "HLEGAL", "HOUTCOMS", "HPRGRP", "HQUALIMP", "HSYSADMIN", "HTEST",
  "LABELING", "MEMADMIN", "METAMGT", "MILCDM", "PATADMIN", "PATSFTY", "PERFMSR", "RECORDMGT", "SYSDEV", "TRAIN",
  "HMARKT", "HRESCH", "BIORCH", "DSRCH", "POARCH", "TRANSRCH", "PATRQT", "FAMRQT", "PWATRNY", "SUPNWK", "PUBHLTH", "DISASTER", "THREAT",
] as const;

export const purpose = (description: string) => Type.Enum([...purposeNames], { description, examples: ["TREAT"] });

export const format = (description: string) => Type.Enum([...formats], { description, examples: ["hl7v2"] });

export const text = (description: string, example: string) => Type.String({ description, minLength: 1, examples: [example] });

/** A duration that nobody has to state, and that nothing stands in for. */
export const aDuration = (description: string, example: string) => Type.String({ description, pattern: durationPattern, examples: [example] });

/** Names of channels, partners, destinations: they appear in logs, metrics and URLs of the console. */
export const namePattern = "^[a-z0-9][a-z0-9-]*$";
