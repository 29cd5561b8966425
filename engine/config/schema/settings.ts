import { Type, duration, port, size } from "../../sdk/index.ts";
import { identity } from "./identity.ts";
import { keeping } from "./keeping.ts";
import { namePattern, text } from "./words.ts";

/** `sluice.yaml`. */
export const settingsSchema = Type.Object(
  {
    name: text("Name of the project, shown in the console", "northside"),
    owner: Type.Optional(text("Covered entity for which this installation holds data, as its agreements name it; default: the name", "northside-health")),
    data: Type.Optional(Type.String({ description: "Folder of the store, relative to the project", default: ".sluice", examples: [".sluice"], minLength: 1 })),
    console: Type.Optional(
      Type.Object(
        { port: Type.Optional({ ...port("TCP port of the console on 127.0.0.1"), default: 8040, examples: [8040] }) },
        { additionalProperties: false, description: "Where operators look", default: {}, examples: [{ port: 8040 }] },
      ),
    ),
    connectors: Type.Optional(names("Connector packages to load beside the built-in ones; each must stand under trusted too")),
    trusted: Type.Optional(names("Packages whose code may run inside the engine")),
    sandbox: Type.Optional(
      Type.Object(
        {
          walls: Type.Optional(
            Type.Enum(["full", "reduced"], { description: "reduced: start even where the kernel offers no network wall", default: "full", examples: ["full"] }),
          ),
          timeout: Type.Optional(duration("Time one message may take in filters and transforms", "1s")),
          memory: Type.Optional(size("Memory of one channel's code", "64mb")),
        },
        { additionalProperties: false, description: "Limits of filters and transforms", default: {}, examples: [{ timeout: "1s" }] },
      ),
    ),
    budget: Type.Optional(
      Type.Object(
        {
          engine: Type.Optional(size("Bytes of messages in flight before all sources slow down", "256mb")),
          lane: Type.Optional(size("Bytes of messages waiting in one lane before its source slows down", "256kb")),
        },
        { additionalProperties: false, description: "When sources slow down", default: {}, examples: [{ lane: "1mb" }] },
      ),
    ),
    people: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ description: "Name of the person, as it stands in records", pattern: namePattern, examples: ["ada"] }),
            key: Type.String({ description: "Public key (Ed25519), as sluice break-glass key prints it", pattern: "^[A-Za-z0-9+/]{59}=$", examples: [`${"A".repeat(59)}=`] }),
            wrote: Type.Optional(names("Channels this person wrote, about which they do not decide")),
          },
          { additionalProperties: false },
        ),
        { description: "Who may ask for and approve an emergency access", default: [], examples: [[]] },
      ),
    ),
    identity: Type.Optional(identity()),
    drugSchedules: Type.Optional(
      text("Lookup table of drug codes (NDC, RxNorm) and their schedules: I, II, III, IV, V, or none where a drug is not controlled; a drug that it does not name counts as controlled", "drug-schedules"),
    ),
    keep: Type.Optional(keeping("How long messages are kept, where a channel does not say otherwise")),
    disclosures: Type.Optional(
      Type.Object(
        { anchor: Type.Optional(Type.String({ description: "Folder that gets a copy of every signed checkpoint: on another machine, where the engine's own cannot delete", examples: ["/mnt/worm/sluice"], minLength: 1 })) },
        { additionalProperties: false, description: "The ledger of disclosures", default: {}, examples: [{ anchor: "/mnt/worm/sluice" }] },
      ),
    ),
    store: Type.Optional(
      Type.Object(
        { minFree: Type.Optional(size("Free disk space below which nothing more is accepted", "256mb")) },
        { additionalProperties: false, description: "The record of messages", default: {}, examples: [{ minFree: "256mb" }] },
      ),
    ),
  },
  { additionalProperties: false, description: "Settings of a Sluice project" },
);

function names(description: string) {
  return Type.Array(Type.String({ minLength: 1 }), { description, default: [], examples: [["@acme/sluice-lab"]] });
}

