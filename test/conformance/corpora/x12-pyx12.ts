import { readTree, type X12Message } from "../../../engine/codec/index.ts";
import { buildX12Ack } from "../../../engine/codec/x12/ack/index.ts";
import { faultsOf } from "../../../engine/codec/x12/check/index.ts";
import { transactionFor } from "../../../engine/codec/x12/grammar/index.ts";
import { bytesOf, type Corpus, filesIn, type Verdict } from "../corpus.ts";

const folder = "x12/pyx12";

/**
 * pyx12's pairs: an interchange, and the 997 or 999 that it answers. Compared are the verdict of every transaction set and group (AK5/IK5-01,
 * AK9-01), and every fault by segment, position, element and code (AK3/IK3, AK4/IK4). What differs is settled in docs/conformance/x12-pyx12.md.
 */
export const corpora: readonly Corpus[] = [
  { name: `${folder}:acks`, cases: () => filesIn(folder, /\.source\.x12$/), check: (name) => compare(name) },
];

/** Differences that docs/conformance/x12-pyx12.md settles: by file, what the statement holds. */
const explained: Readonly<Record<string, readonly string[]>> = {
  "bad_header_looping.source.x12": ["N1*39 code", "N3*40 code", "N4*41 code", "N1*42 code"],
};

function compare(name: string): Verdict {
  const text = bytesOf(folder, name).toString("latin1");
  const answer = ["res997", "resAck"].map((kind) => name.replace("source", kind)).find((each) => filesIn(folder).includes(each)) ?? "";
  const theirs = statements(bytesOf(folder, answer).toString("latin1"));
  const message = readTree("x12", text) as X12Message;
  const ours = statements(buildX12Ack(message, faultsOf(message, transactionFor), { now: 0, controlNumber: 1, answer: "999" }));
  const verdicts = (of: readonly string[]) => of.filter((each) => each.includes(" verdict "));
  const faults = (of: readonly string[]) => of.filter((each) => !each.includes(" verdict "));
  const lacks = faults(theirs).filter((each) => !ours.includes(each));
  const more = faults(ours).filter((each) => !theirs.includes(each));
  const wrong = verdicts(theirs).filter((each) => !ours.includes(each));
  const differs = [...wrong, ...lacks, ...more.map((each) => `+ ${each}`)];
  const figures = {
    verdicts: verdicts(theirs).length, verdicts_equal: verdicts(theirs).length - wrong.length,
    faults: faults(theirs).length, faults_equal: faults(theirs).length - lacks.length, faults_more: more.length,
  };
  if (differs.length === 0) return { ok: true, figures };
  const known = explained[name] ?? [];
  const isExplained = differs.every((each) => known.some((rule) => each.includes(rule)));
  return { ok: false, differs: differs.join("; "), ...(isExplained && { explained: "docs/conformance/x12-pyx12.md" }), figures };
}

/** What an answer says, by group and transaction set: its verdicts and its faults. Repeated statements are numbered. */
function statements(ack: string): readonly string[] {
  const out: string[] = [];
  const seen = new Map<string, number>();
  const push = (text: string) => {
    const n = (seen.get(text) ?? 0) + 1;
    seen.set(text, n);
    out.push(n === 1 ? text : `${text} #${n}`);
  };
  let [group, set, segment] = [0, 0, ""];
  for (const each of ack.split("~")) {
    const [id = "", ...elements] = each.trim().split("*");
    const kind = id.slice(1);
    if (kind === "K1") [group, set] = [group + 1, 0];
    if (kind === "K2") set++;
    if (kind === "K3") push(`group ${group} set ${set} ${(segment = `${elements[0]}*${elements[1]}`)} code ${elements[3]}`);
    if (kind === "K4") push(`group ${group} set ${set} ${segment} element ${elements[0]} code ${elements[2]}`);
    if (kind === "K5") push(`group ${group} set ${set} verdict ${elements[0]}`);
    if (kind === "K9") push(`group ${group} verdict ${elements[0]}`);
  }
  return out;
}
