import type { Format } from "../../engine/sdk/index.ts";

const mediaTypes: Partial<Record<Format, string>> = {
  text: "text/plain; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  xml: "application/xml",
  ical: "text/calendar; charset=utf-8",
};

export const formats = Object.keys(mediaTypes) as readonly Format[];

/** Media type of a content's format, as one of a closed set. */
export function mediaTypeOf(format: Format): string {
  return mediaTypes[format] ?? "application/octet-stream";
}
