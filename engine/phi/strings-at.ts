type Path = readonly (string | number)[];

/** Every string in plain data, with its path; secrets are objects of their own and no plain data. */
export function* stringsAt(value: unknown, path: Path = []): Generator<readonly [Path, string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* stringsAt(item, [...path, i]);
  else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) yield* stringsAt(item, [...path, key]);
  }
}
