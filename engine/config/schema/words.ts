import { Type } from "../../sdk/index.ts";
import { levels } from "../project.ts";

/** Words that several files share. */
export const level = (description: string) => Type.Enum([...levels], { description, examples: ["phi"] });

/** Legal compartments that no general agreement covers (phi.md 1.3). */
export const compartmentNames = [
  "part2", "sud-counseling-notes", "psychotherapy-notes", "behavioral", "hiv", "sti", "genetic", "reproductive",
  "minor-confidential", "violence", "self-pay", "title38", "vip", "employee", "pan", "secret",
] as const;

export const compartments = (description: string) =>
  Type.Array(Type.Enum([...compartmentNames]), { description, default: [], examples: [["part2"]] });

export const format = (description: string) => Type.Enum(["hl7v2", "json", "fhir", "text"], { description, examples: ["hl7v2"] });

export const text = (description: string, example: string) => Type.String({ description, minLength: 1, examples: [example] });

/** Names of channels, partners, destinations: they appear in logs, metrics and URLs of the console. */
export const namePattern = "^[a-z0-9][a-z0-9-]*$";
