/** XML and HTML without tags, comments and CDATA marks, so that `Ri<b>ve</b>ra` reads as one word. Linear: what never closes is left as it stands. */
export function unmarked(text: string): string | undefined {
  let open = text.indexOf("<");
  if (open < 0 || !text.includes(">", open)) return undefined;
  let read = "";
  let kept = 0;
  while (open >= 0) {
    const [skip, end] = ends(text, open);
    if (end < 0) break;
    read += text.slice(kept, open);
    if (skip > 0) read += text.slice(open + skip, end - 3);
    kept = end;
    open = text.indexOf("<", end);
  }
  return kept === 0 ? undefined : read + text.slice(kept);
}

const cdata = "<![CDATA[";

/** Where the mark at `open` ends, and how much of its beginning to leave out before its content, which only CDATA has. */
function ends(text: string, open: number): readonly [skip: number, end: number] {
  if (text.startsWith(cdata, open)) return [cdata.length, after(text, "]]>", open)];
  if (text.startsWith("<!--", open)) return [0, after(text, "-->", open)];
  if (!/[A-Za-z/?!]/.test(text.charAt(open + 1))) return [0, open + 1];
  return [0, after(text, ">", open)];
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}
