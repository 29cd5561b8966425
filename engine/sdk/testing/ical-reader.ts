import type { IcalItem, IcalReader } from "../index.ts";
import { EngineError } from "../index.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Reads as the engine does, but for time zones, folds and ends. */
export const icalInMemory: IcalReader = {
  feed(bytes, of) {
    const text = new TextDecoder().decode(bytes);
    const lines = text.split("\r\n");
    if (!text.startsWith("BEGIN:VCALENDAR\r\n")) throw new EngineError("ICS-001", { line: 1 });
    if (lines.lastIndexOf("END:VCALENDAR") < 0) throw new EngineError("ICS-003", { line: 1 });
    const head = lines.slice(1, lines.findIndex((line, i) => i > 0 && /^(BEGIN|END):/.test(line))).filter((line) => !line.startsWith("X-CALENDAR-OF:"));
    const byKey = new Map<string, string[]>();
    for (const [component] of text.matchAll(/BEGIN:VEVENT\r\n[\s\S]*?END:VEVENT\r\n/g)) {
      const key = /^UID:(.*)$/m.exec(component)?.[1]?.trim() || component;
      (byKey.get(key) ?? byKey.set(key, []).get(key))?.push(component);
    }
    return [...byKey].map(([key, components]): IcalItem => {
      const said = components.join("");
      return { key, version: said.replace(/^DTSTAMP:.*$/gm, "").length.toString(16) + said.replace(/^DTSTAMP:.*$/gm, ""), bytes: encode(["BEGIN:VCALENDAR", ...head, `X-CALENDAR-OF:${of}`, `${said}END:VCALENDAR`, ""].join("\r\n")) };
    });
  },
  cancelled: (item) => encode(new TextDecoder().decode(item).replace("BEGIN:VEVENT\r\n", "BEGIN:VEVENT\r\nSTATUS:CANCELLED\r\n")),
};
