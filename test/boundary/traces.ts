/**
 * Looks for identifiers in bytes that reached a partner. Shares no code with the guard: every form is written out and searched for.
 */
export function tracesOf(identifiers: Readonly<Record<string, string>>, seen: string): string[] {
  const views = [seen, decodeURIComponentSafely(seen), onlyWords(seen)].map((view) => view.toLowerCase());
  return Object.entries(identifiers).flatMap(([name, value]) =>
    forms(value).some((form) => views.some((view) => view.includes(form.toLowerCase()))) ? [name] : [],
  );
}

function forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const all = [
    value,
    onlyWords(value),
    [...value].reverse().join(""),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    encodeURIComponent(value),
    [...value].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  ];
  return all.filter((form) => form.length >= 4);
}

function onlyWords(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, "");
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
