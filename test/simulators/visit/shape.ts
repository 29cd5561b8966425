import type { Arrival } from "../arrivals.ts";

/** What arrived, as names without a value: resource types, segments, fields of a form or an object. */
export function shapeOf({ body }: Arrival): string {
  const size = `${Buffer.byteLength(body)} bytes`;
  const parts = partsOf(body.trim());
  return parts.length === 0 ? size : `${size}: ${counted(parts)}`;
}

function partsOf(body: string): readonly string[] {
  if (body.startsWith("{") || body.startsWith("[")) return ofJson(body);
  if (body.startsWith("MSH|")) return body.split(/[\r\n]+/).map((line) => line.slice(0, 3)).filter(Boolean);
  if (body.startsWith("ISA")) return body.split(body.charAt(105)).map((line) => line.trim().split(body.charAt(3))[0] ?? "").filter(Boolean);
  if (body.startsWith("BEGIN:")) return body.split(/\r?\n/).flatMap((line) => (line.startsWith("BEGIN:") ? [line.slice(6)] : []));
  if (body.startsWith("<")) return [/<(?:\w+:)?Body>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? /<(?:\w+:)?(\w+)[\s>]/.exec(body.replace(/<\?[^>]*>/, ""))?.[1] ?? "XML"];
  return /^[\w[\]%.]+=/.test(body) ? [...new URLSearchParams(body).keys()] : [];
}

function ofJson(body: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(body);
    if (Array.isArray(value)) return [...new Set(value.flatMap((each) => Object.keys(Object(each))))];
    const { resourceType, entry } = value as { resourceType?: string; entry?: readonly { resource?: { resourceType?: string } }[] };
    if (resourceType === "Bundle" && Array.isArray(entry)) return entry.map(({ resource }) => resource?.resourceType ?? "entry");
    return resourceType === undefined ? Object.keys(Object(value)) : [resourceType];
  } catch {
    return body.startsWith("{") && body.includes("}\n{") ? ofJson(body.slice(0, body.indexOf("\n"))) : [];
  }
}

/** `Patient, 6 Observation`: neighbours that are alike as one. */
function counted(parts: readonly string[]): string {
  const runs: { name: string; count: number }[] = [];
  for (const name of parts) {
    const last = runs.at(-1);
    if (last?.name === name) last.count++;
    else runs.push({ name, count: 1 });
  }
  const shown = runs.slice(0, 12).map(({ name, count }) => (count === 1 ? name : `${count} ${name}`));
  return [...shown, ...(runs.length > 12 ? ["…"] : [])].join(", ");
}
