import { type PlacedNode, placed } from "../yaml/place.ts";
import { type Rule, warning } from "./rule.ts";

const order = ["channel", "classification", "source", "destinations", "tests"];

/** A channel reads in the order of its messages. */
export const keyOrder: Rule = {
  code: "CFG-125",
  check(project) {
    return project.channels.flatMap(({ place }) => {
      const node = (place as PlacedNode).node;
      if (node?.kind !== "map") return [];
      const keys = node.entries.filter((entry) => order.includes(entry.key));
      const late = keys.find((entry, i) => i > 0 && order.indexOf(entry.key) < order.indexOf(keys[i - 1]?.key ?? ""));
      return late ? [warning("CFG-125", placed(place.file, node).atKey(late.key), `"${late.key}" stands after what follows from it`, `usual order: ${order.join(", ")}`)] : [];
    });
  },
};
