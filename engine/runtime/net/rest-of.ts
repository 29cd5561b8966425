/**
 * What a path has below a route that ends in `/*`, percent-decoded; `undefined` where it is not below it, or holds a segment that is empty, climbs or hides a
 * slash. One slash at its end counts for nothing.
 */
export function restOf(route: string, path: string): string | undefined {
  if (!route.endsWith("/*") || !path.startsWith(route.slice(0, -1))) return undefined;
  const segments = path.slice(route.length - 1).replace(/\/$/, "").split("/").map(decoded);
  return segments.every((segment) => segment !== undefined && isPlain(segment)) ? segments.join("/") : undefined;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function isPlain(segment: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return segment !== "" && segment !== "." && segment !== ".." && !/[/\\\u0000-\u001f\u007f]/.test(segment);
}
