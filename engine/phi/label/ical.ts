import type { IcalMessage } from "../../codec/index.ts";
import { type Component, componentsIn, linesIn } from "../../codec/ical/read.ts";
import type { Found } from "../boundary.ts";
import { Seen } from "./seen.ts";

/**
 * What a calendar says of itself: CLASS (RFC 5545 3.8.1.3). PRIVATE and CONFIDENTIAL restrict, and so does a word of somebody's own, which the RFC reads as PRIVATE; why, no
 * calendar says.
 */
export function labelIcal({ root }: IcalMessage): Found {
  const seen = new Seen();
  const walk = (component: Component): void => {
    for (const line of linesIn(component)) {
      if (line.parts?.name === "CLASS" && line.value.trim().toUpperCase() !== "PUBLIC" && line.value.trim() !== "") seen.word("R");
    }
    for (const each of componentsIn(component)) walk(each);
  };
  walk(root);
  return seen.found();
}
