import type { Collector } from "./collector.ts";
import type { Row } from "./policy.ts";

/** Takes one value by its row of the table. */
export function harvestValue({ kind, reading, strength }: Row, value: string, into: Collector): void {
  switch (reading) {
    case "none":
      break;
    case "id":
      into.id(kind, value, strength);
      break;
    case "reference":
      into.id(kind, value.replace(/[?#].*$/, "").replace(/^.*[/:]/, ""), strength);
      break;
    case "person":
      into.person(kind, value, strength);
      break;
    case "date":
    case "all dates":
      into.date(kind, value, strength);
      break;
    case "contact":
      into.contact(kind, value, strength);
      break;
    case "zip":
      into.zip(kind, value, strength);
      break;
    case "free":
      into.free(kind, value);
      break;
    case "unknown":
      into.unknown(kind, value);
      break;
    default:
      into.whole(kind, value, strength);
  }
}
