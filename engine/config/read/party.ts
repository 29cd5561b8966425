import type { CheckedFile } from "./checked-file.ts";
import { withSecrets } from "./secrets.ts";
import { map } from "./tolerant.ts";

/** The one connector key of a source or destination and its options, secrets as references; `""` when there is none or two. */
export function readConnector(
  checked: CheckedFile,
  pointer: string,
  value: Readonly<Record<string, unknown>>,
  names: readonly string[],
): { connector: string; options: Readonly<Record<string, unknown>> } {
  const written = names.filter((name) => Object.hasOwn(value, name));
  const connector = written.length === 1 ? (written[0] ?? "") : "";
  const options = connector === "" ? {} : map(withSecrets(value[connector], `${pointer}/${connector}`, checked.secretPlaces));
  return { connector, options };
}
