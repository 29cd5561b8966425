import { duration, Type } from "../../sdk/index.ts";
import { aDuration, namePattern, text } from "./words.ts";

const name = (description: string, example: string) => Type.String({ description, pattern: namePattern, examples: [example] });
const states = (description: string, example: readonly string[]) => Type.Array(name("State", "final"), { description, examples: [example] });
const owner = (description: string) => Type.Optional(text(description, "lab-desk"));
const list = (description: string, example: string) => Type.Optional(name(description, example));
const paths = (description: string, example: readonly string[]) => Type.Array(text("Path in the raw message", "OBR-3.1"), { description, minItems: 1, examples: [example] });

const held = (description: string) =>
  Type.Optional(Type.Enum(["hold", "deliver"], { description, default: "hold", examples: ["deliver"] }));

const state = Type.Object(
  {
    of: Type.Optional(text("Path in the raw message whose value is looked up in the keys beside it", "OBR-25")),
    const: Type.Optional(name("The state that every message of this channel stands for", "sent")),
    absent: Type.Optional(name("State of a message that has no value there; default: it is held", "final")),
  },
  {
    additionalProperties: name("State for this value", "final"),
    description: "The state that a message brings its case to: a constant, or by a value of the message",
    examples: [{ of: "OBR-25", P: "preliminary", F: "final", C: "corrected" }],
  },
);

const unmatched = Type.Object(
  {
    list: list("Work list on which it stands; default: the kind and -unmatched", "unmatched-results"),
    owner: owner("Who looks at it; default: the owner of the case"),
    do: held("hold: it waits for its case. deliver: it goes on, and stands on the list"),
    for: Type.Optional(aDuration("How long it is held for its case, then it is delivered; default: until somebody acts", "15m")),
  },
  { additionalProperties: false, description: "What becomes of a message whose case is not known, or that names none", examples: [{ list: "unmatched-results", do: "hold", for: "15m" }] },
);

const known = Type.Object(
  {
    kind: name("Kind of the other case", "patient"),
    key: paths("Paths of its key; the first that has a value", ["PID-3.1"]),
    list: list("Work list on which a message stands that names none; default: the kind and -unmatched", "unmatched-patients"),
    owner: owner("Who looks at it; default: the owner of the case"),
    do: held("hold: it waits for a person. deliver: it goes on, and stands on the list"),
  },
  { additionalProperties: false, description: "Another case that must be known", examples: [{ kind: "patient", key: ["PID-3.1"], list: "unmatched-patients" }] },
);

const analytes = Type.Object(
  {
    table: text("Lookup table of the tests that are known: a code, and the units in which its results come (- for none)", "lab-tests"),
    list: list("Work list on which a message stands whose code or unit the table does not have; default: the kind and -analytes", "unmapped-tests"),
    owner: owner("Who looks at it; default: the owner of the case"),
    do: held("What becomes of a message with a code that has no row. deliver: it goes on as it came, and stands on the list. A unit that the row does not have is always held"),
  },
  { additionalProperties: false, description: "What the results of a message are held against: their codes and units (OBX-3, OBX-6, Observation)", examples: [{ table: "lab-tests", list: "unmapped-tests", do: "deliver" }] },
);

const due = Type.Object(
  {
    in: duration("Time without a move after which the case is overdue", "3d"),
    unless: Type.Optional({ ...states("States in which nothing is due any more", ["paid", "denied"]), default: [] }),
    list: list("Work list on which it then stands; default: the kind and -overdue", "overdue-claims"),
    owner: owner("Who looks at it; default: the owner of the case"),
  },
  { additionalProperties: false, description: "When a case that does not move is somebody's work", examples: [{ in: "3d", unless: ["paid", "denied"] }] },
);

const overlap = Type.Object(
  {
    what: name("Who or what can be in one place only; channels of one word share their times", "provider"),
    of: paths("Paths of who is booked; the first that has a value", ["participant.actor.reference"]),
    prefix: Type.Optional(text("Only values that begin so count, and what follows it says who it is", "Practitioner/")),
    from: text("Path of the time from which it is booked", "start"),
    to: text("Path of the time at which it is free again", "end"),
    unless: Type.Optional({ ...states("States that book nothing", ["cancelled", "noshow"]), default: [] }),
    list: list("Work list of what overlaps; default: the word under what and -conflicts", "double-bookings"),
    owner: owner("Who looks at it; default: the owner of the case"),
    do: Type.Optional(
      Type.Enum(["hold", "refuse", "deliver"], { description: "hold: it waits for a person. refuse: it ends, and a source that waits for an answer is told. deliver: it goes on, and stands on the list", default: "hold", examples: ["refuse"] }),
    ),
  },
  {
    additionalProperties: false,
    description: "What a case books, and what becomes of a message that books the time of another case",
    examples: [{ what: "provider", of: ["participant.actor.reference"], prefix: "Practitioner/", from: "start", to: "end", unless: ["cancelled"] }],
  },
);

const work = Type.Object(
  {
    when: { ...states("States that are somebody's work at once", ["rejected"]), minItems: 1 },
    list: list("Work list on which the case then stands; default: the kind and -work", "rejected-claims"),
    owner: owner("Who looks at it; default: the owner of the case"),
  },
  { additionalProperties: false, description: "States to which a case comes that somebody has to do something about; the item closes by itself when the case moves on", examples: [{ when: ["rejected"], list: "rejected-claims" }] },
);

/** `case:` of a channel: what several messages are about, of which the engine keeps the state. */
export const caseSchema = Type.Object(
  {
    kind: name("What the messages are about; channels of one kind share their cases", "result"),
    owner: text("Who looks at what is held: a desk or a team, no person of the data", "lab-desk"),
    list: list("Work list for what is held; default: the kind and -review", "result-review"),
    key: paths("Paths of what names the case; the first that has a value", ["OBR-2.1", "OBR-3.1"]),
    stamp: Type.Optional(text("Path of what says which of two messages is newer: a time or a number that grows", "OBR-22")),
    advances: Type.Optional(Type.Boolean({ description: "Whether each message must be newer than what is known: the same stamp again is then as an older one, so that of two changes of one version the first counts", default: false, examples: [true] })),
    state,
    moves: Type.Optional(
      Type.Record(Type.String({ pattern: namePattern }), states("States that may follow", ["final", "corrected"]), {
        description: "Which state may follow which; another move is held. Default: any may follow any",
        additionalProperties: false,
        examples: [{ preliminary: ["preliminary", "final"], final: ["final", "corrected"], corrected: ["corrected"] }],
      }),
    ),
    behind: Type.Optional(
      Type.Record(Type.String({ pattern: namePattern }), states("States that a case has passed by then", ["received"]), {
        description: "Which states lie behind which: a message that brings one of them comes late, goes on, and moves nothing",
        additionalProperties: false,
        examples: [{ accepted: ["received"], paid: ["received", "accepted"] }],
      }),
    ),
    opens: Type.Optional(Type.Boolean({ description: "Whether a message makes its case known; else one whose case is not known is unmatched", default: true, examples: [false] })),
    stale: Type.Optional(Type.Enum(["hold", "filter", "refuse"], { description: "What becomes of a message that is older than what is known: held, ended in silence, or ended so that a source that waits for an answer is told; with refuse, a move that is not allowed is refused as well", default: "hold", examples: ["refuse"] })),
    unmatched: Type.Optional(unmatched),
    same: Type.Optional(paths("Paths of what all messages of a case have in common; one that differs is held", ["PID-3.1"])),
    known: Type.Optional(Type.Array(known, { description: "Other cases that a message must belong to", default: [], examples: [[{ kind: "patient", key: ["PID-3.1"] }]] })),
    analytes: Type.Optional(analytes),
    overlap: Type.Optional(overlap),
    due: Type.Optional(due),
    work: Type.Optional(work),
  },
  {
    additionalProperties: false,
    description: "What several messages are about (a result, a claim, an appointment): the engine keeps its state, refuses what is older and lists what waits for a person",
    examples: [{ kind: "result", owner: "lab-desk", key: ["OBR-3.1"], state: { const: "final" } }],
  },
);
