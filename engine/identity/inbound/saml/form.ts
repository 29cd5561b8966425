import { readXml } from "../../../codec/xml/reader.ts";
import { everything, type Named, named, only, samlSpace, signatureSpace } from "./namespaced.ts";

/** An assertion is short; whoever sends more sends something else. */
const limits = { length: 64 * 1024, depth: 32, elements: 2_000 };

const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
const enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/** SHA-1 is none of them (NIST SP 800-131A), and neither is a key that both sides have. */
export const signatureMethods: readonly string[] = ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"];
export const digestMethods: readonly string[] = ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmlenc#sha512"];
export const transforms: readonly string[] = [enveloped, exclusive];

/**
 * The assertion that a text holds, read by the engine's one reader of XML: no DOCTYPE, no entities, bounded. `SAM-101`: it is not one assertion with one signature over all of it,
 * or holds something that two readers may read differently (comments, sections, instructions). `SAM-102`: it is signed in a way that is not taken.
 */
export function readForm(text: string): { readonly id: string } | { readonly code: "SAM-101" | "SAM-102" } {
  const root = read(text);
  if (!root || root.space !== samlSpace || root.local !== "Assertion" || root.attributes.get("Version") !== "2.0") return { code: "SAM-101" };
  const id = root.attributes.get("ID") ?? "";
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/.test(id)) return { code: "SAM-101" };
  const all = [...everything(root)];
  const named = (local: string) => all.filter((each) => each.local === local).length;
  // Wrapping needs a second one of something: another assertion, another signature, or another element of the same id.
  if (named("Assertion") !== 1 || named("Signature") !== 1 || named("SignedInfo") !== 1 || all.some(({ local }) => local.startsWith("Encrypted"))) return { code: "SAM-101" };
  const ids = all.flatMap(({ attributes }) => [...attributes].filter(([name]) => /^(?:.*:)?id$/i.test(name)).map(([, value]) => value));
  if (new Set(ids).size !== ids.length) return { code: "SAM-101" };
  const signature = only(root, signatureSpace, "Signature");
  if (!signature || only(signature, signatureSpace, "Object")) return { code: "SAM-101" };
  return isSignedAsTaken(signature, id) ? { id } : { code: "SAM-102" };
}

/** Also of what the signature covers, read anew: `undefined` where it cannot be read as such. */
export function read(text: string): Named | undefined {
  if (/<!--|<!\[CDATA\[|<\?(?!xml[ \t\r\n])/.test(text) || text.lastIndexOf("<?") > 0) return undefined;
  try {
    return named(readXml(text, limits));
  } catch {
    // The reader's error has a position in what somebody sent; the code says enough.
    return undefined;
  }
}

function isSignedAsTaken(signature: Named, id: string): boolean {
  const info = only(signature, signatureSpace, "SignedInfo");
  const reference = only(info, signatureSpace, "Reference");
  const algorithm = (element: Named | undefined) => element?.attributes.get("Algorithm") ?? "";
  const used = only(reference, signatureSpace, "Transforms")?.children ?? [];
  return (
    algorithm(only(info, signatureSpace, "CanonicalizationMethod")) === exclusive &&
    signatureMethods.includes(algorithm(only(info, signatureSpace, "SignatureMethod"))) &&
    digestMethods.includes(algorithm(only(reference, signatureSpace, "DigestMethod"))) &&
    reference?.attributes.get("URI") === `#${id}` &&
    used.length === transforms.length &&
    used.every((each, i) => each.space === signatureSpace && each.local === "Transform" && algorithm(each) === transforms[i])
  );
}
