import type { Diagnostic } from "../../sdk/index.ts";
import { nearest } from "../check/suggest.ts";
import { hasErrorIn } from "../read/soundness.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** A window is in a zone that exists, and is open for some time. */
export const deliveryWindow: Rule = {
  code: "CFG-177",
  check(project) {
    const found: Diagnostic[] = [];
    for (const { channel, destination, path } of destinationsOf(project)) {
      const { window } = destination;
      const at = (key: string) => channel.place.at(...path, "window", key);
      if (!window || hasErrorIn(project, channel.place.at(...path, "window"))) continue;
      if (!isZone(window.timezone)) {
        const near = nearest(window.timezone, Intl.supportedValuesOf("timeZone"));
        const help = near === undefined ? "zones have names such as America/New_York, Europe/Zurich or UTC" : `did you mean ${near}?`;
        found.push(error("CFG-177", at("timezone"), `there is no time zone "${window.timezone}"`, help));
      }
      if (window.from === window.to) {
        found.push(error("CFG-177", at("to"), `the window closes when it opens, at ${window.from}`, "name the hours in which to send; without a window, messages are sent at any time"));
      }
    }
    return found;
  },
};

function isZone(name: string): boolean {
  try {
    // Offsets such as +02:00 are taken too, and would ignore summer time.
    return !/^[+-]/.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
