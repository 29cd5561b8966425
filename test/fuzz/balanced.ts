/** The tags of a text as a document that is well-formed, so that mutation also reaches what comes behind the reader: every tag is closed, all text escaped. */
export function balanced(text: string, root: string, attributes = ""): string {
  const open: string[] = [];
  let out = `<${root}${attributes}>`;
  for (const [, close, name, words = ""] of text.slice(0, 20_000).matchAll(/<(\/?)([A-Za-z_][\w.-]*)[^<>]*>?|([^<]+)/g)) {
    if (name === undefined) out += words.replace(/[^\t\n -~]/g, " ").replace(/[&>]/g, "&amp;");
    else if (close === "/") out += open.length > 0 ? `</${open.pop()}>` : "";
    else if (open.length < 200 && name !== root) {
      open.push(name);
      out += `<${name}>`;
    }
  }
  while (open.length > 0) out += `</${open.pop()}>`;
  return `${out}</${root}>`;
}
