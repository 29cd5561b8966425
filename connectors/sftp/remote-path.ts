import type { OpenedStream } from "../../engine/sdk/index.ts";

/** A folder below the endpoint's own, or that itself. Without a path in the endpoint's URL, both are below where the login begins. */
export function folderPath({ path }: Pick<OpenedStream, "path">, below: string | undefined): string {
  const parts = [decodeURIComponent(path), below?.replace(/^\//, "")].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? "." : parts.join("/");
}

/** Whether a name that the server gave is one plain name: nothing that climbs, hides or ends a line. */
export function isPlainName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return name !== "" && !name.startsWith(".") && name.length <= 255 && !/[/\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufffd]/.test(name);
}

/** The next name to try beside one that is taken: `claims-2.edi`. */
export function besideName(name: string, n: number): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? `${name.slice(0, dot)}-${n}${name.slice(dot)}` : `${name}-${n}`;
}
