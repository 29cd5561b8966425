/** The values of a JSON text, a form or XML without the names between them, so that what is cut over neighbouring fields stands together again. */
export function valuesOf(text: string): string | undefined {
  if (/^\s*[[{]/.test(text)) return withoutKeys(text);
  if (/^[\w.[\]%+-]{1,200}=[^\s{}]*$/.test(text) && text.includes("&")) return text.replace(/(?:^|&)[^=&]{0,200}=/g, "\n").replaceAll("+", " ");
  return undefined;
}

/** A key ends in `":`; where such signs stand inside a value a piece of it is lost to this reading, and to this one alone. */
function withoutKeys(text: string): string | undefined {
  let read = "";
  let kept = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) {
    const open = text.lastIndexOf('"', at - 1);
    if (open < kept) continue;
    read += text.slice(kept, open);
    kept = at + 2;
  }
  return kept === 0 ? undefined : read + text.slice(kept);
}
