export { type BoundaryMap, boundaryMap, type MapLink, type MapPartner } from "./boundary-map.ts";
export { difference, type MarkedLink, unmarked } from "./difference.ts";
export { mermaid } from "./mermaid.ts";
export { svg } from "./svg.ts";
export { crossingWords, placeOf, wordsOf } from "./words.ts";
