import { askedAt } from "../../../codec/x12/asked.ts";
import { elementOf } from "../../../codec/x12/element.ts";
import { transactionFor } from "../../../codec/x12/grammar/index.ts";
import { parseX12, type X12Message } from "../../../codec/x12/index.ts";
import { byParent, type Place } from "../../../codec/x12/outline.ts";
import type { X12Line } from "../../../codec/x12/segments.ts";
import { EngineError } from "../../../sdk/index.ts";
import { x12Roles } from "../../policy.ts";
import { about, type DeidentifyContext } from "../context.ts";
import { latestOf } from "../dates.ts";
import type { FormatPolicy } from "../format.ts";
import { wordsOf } from "../places.ts";
import { envelope, type Group } from "./envelope.ts";
import { type Parts, partsOf, textAt } from "./parts.ts";
import { patientOf, scopesOf } from "./scopes.ts";
import { segmentOf, type Shared } from "./segment.ts";
import { policy, rows } from "./table.ts";
import { beyondVocabulary } from "./vocabulary.ts";

/**
 * X12 of 4010 and 5010. Every segment is written anew from what its rows let stand, in an envelope of the engine's own: one interchange, the groups and
 * transaction sets of which something is left. A transaction set that the grammar does not know is refused (`PHI-230`).
 */
export const x12: FormatPolicy = {
  policies: [policy],
  patientOf,
  deidentify(text, context) {
    const message = parseX12(text);
    const sets = byParent(message.outline, "ST");
    const groups = message.envelopes("GS").flatMap((place) => groupOf(message, place, sets.get(place) ?? [], context));
    if (groups.length === 0) throw new EngineError("PHI-231");
    return envelope(groups, new Date(context.now).getUTCFullYear());
  },
  beyondVocabulary,
};

function groupOf(message: X12Message, group: Place, sets: readonly Place[], context: DeidentifyContext): readonly Group[] {
  const { lines } = message.body;
  const version = elementOf(lines[group.start] as X12Line, 8);
  // Sets of several kinds in one group, which the standard does not know, are told apart.
  const groups = new Map<string, { readonly functional: string; readonly version: string; readonly sets: (readonly string[])[] }>();
  for (const set of sets) {
    const transaction = transactionFor(askedAt(lines, set.start, version));
    if (transaction === undefined) throw new EngineError("PHI-230");
    const known = transaction.conventions.find((each) => each === version) ?? transaction.conventions[0] ?? transaction.version;
    const kept = setOf(lines.slice(set.start + 1, set.end).map(partsOf), context);
    if (kept.length === 0) continue;
    const key = `${transaction.group} ${known}`;
    const own = groups.get(key) ?? { functional: transaction.group, version: known, sets: [] };
    groups.set(key, own);
    own.sets.push([transaction.id, transaction.version < "005" ? "" : known, ...kept]);
  }
  return [...groups.values()];
}

/** Segments that the engine writes itself; one that strayed into a transaction set is nothing of it. */
const enveloping: ReadonlySet<string> = new Set(["ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"]);

/** What may stand of the segments between ST and SE. */
function setOf(segments: readonly Parts[], context: DeidentifyContext): readonly string[] {
  const body = segments.filter(({ id }) => !enveloping.has(id));
  const scopes = scopesOf(body);
  const named = scopes.filter(({ patient }) => patient.patient !== undefined || patient.birth !== undefined);
  const [only] = named;
  const latest = latestOf(body.flatMap(datesIn));
  const base = { ...context, names: namesIn(body), ...(latest !== undefined && { latest }) };
  let shared: Shared = { entity: "", isPerson: true, levels: new Map(), lines: { count: 0 } };
  return scopes.flatMap(({ segments: own, patient }) => {
    // What the raw message says of its one patient goes before what a transform left of it.
    const one = named.length < 2 ? about(base, context.patient ?? only?.patient.patient, context.birth ?? only?.patient.birth) : about(base, patient.patient, patient.birth);
    shared = { ...shared, entity: "" };
    return own.flatMap((parts) => {
      const { id } = parts;
      if (id === "NM1" || id === "N1") shared = { ...shared, entity: textAt(parts, 1), isPerson: !x12Roles.has(textAt(parts, 1)) };
      else if (id === "CLM") shared = { ...shared, entity: "IL", isPerson: true };
      const kept = segmentOf(parts, shared, one);
      return kept === undefined ? [] : [kept];
    });
  });
}

/** Days of what happened: dates of birth apart. */
function datesIn({ id, elements }: Parts): readonly string[] {
  return elements.flatMap((repetitions, at) =>
    repetitions.flatMap((components) =>
      components.flatMap((value, c) => {
        const row = rows.get(`${id}-${at + 1}.${c + 1}`) ?? rows.get(`${id}-${at + 1}`);
        const action = row?.limited.action;
        return action === "period" || action === "date" ? value.split("-").map((each) => each.slice(0, 8)) : [];
      }),
    ),
  );
}

/** Words of the names of people, for places that may not be one of them. */
function namesIn(segments: readonly Parts[]): ReadonlySet<string> {
  return new Set(segments.filter(({ id }) => id === "NM1").flatMap((parts) => [3, 4, 5].flatMap((element) => wordsOf(textAt(parts, element)))));
}
