import type { BoundaryMap, Crossing } from "./boundary-map.ts";
import type { MarkedLink } from "./difference.ts";
import { kindRank, kindWords, placeOf, wordsOf } from "./words.ts";

/** Mermaid knows no double line; a thick one stands for it, with its words. */
const arrows: Readonly<Record<Crossing, string>> = { phi: "-->", limited: "-.->", deidentified: "-.->", none: "==>", refused: "--x" };

/** The map as a Mermaid flowchart. */
export function mermaid({ project, partners }: BoundaryMap, links: readonly MarkedLink[]): string {
  const ids = new Map(partners.map(({ name }, at) => [name, `p${at}`]));
  const words = [...new Set(partners.toSorted((a, b) => kindRank(a.kind) - kindRank(b.kind)).map(({ kind }) => kindWords(kind)))];
  const nodes = words.flatMap((group, at) => {
    const own = partners.filter(({ kind }) => kindWords(kind) === group);
    return [`  subgraph g${at}["${text(group)}"]`, ...own.map(({ name, legalName, kind }) => `    ${ids.get(name)}["${text(legalName)}<br/>${text(kind)}"]`), "  end"];
  });
  const edges = links.flatMap((link) => {
    const id = ids.get(link.partner);
    if (id === undefined) return [];
    const words = [placeOf(link), `${link.standard}, ${link.opens === "us" ? "we connect" : "they connect"}`, ...wordsOf(link), ...(link.mark === "crosses" ? [`NEWLY CROSSES: ${link.change ?? ""}`] : link.change === undefined ? [] : [link.change])];
    const [from, to] = link.direction === "in" ? [id, "hub"] : ["hub", id];
    return [`  ${from} ${arrows[link.crossing]}|"${words.map(text).join("<br/>")}"| ${to}`];
  });
  return ["flowchart LR", `  hub(["${text(project)}<br/>Sluice"])`, ...nodes, ...edges, ""].join("\n");
}

/** What Mermaid would read as markup. */
function text(words: string): string {
  return words.replace(/[^\p{L}\p{N} .,:;()/_-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
