import { createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { DOMParser } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";
import { digestMethods, signatureMethods, transforms } from "./form.ts";
import { signatureSpace } from "./namespaced.ts";

/**
 * The very bytes that a signature of one of these keys covers, as the library canonicalised them; `undefined`: none of them made it. Whoever goes on reads these alone, and never the
 * text that came ("see what is signed", XML Signature 8.1.2). Takes what `readForm` has let through.
 */
export function signedBy(text: string, keys: readonly KeyObject[]): string | undefined {
  for (const key of keys) {
    try {
      const [node, ...more] = Array.from(new DOMParser({ errorHandler: fail }).parseFromString(text, "text/xml").getElementsByTagNameNS(signatureSpace, "Signature"));
      if (!node || more.length > 0) return undefined;
      // A key in the message is anybody's.
      const verifier = new SignedXml({ publicCert: key, getCertFromKeyInfo: () => null });
      verifier.idAttributes = ["ID"];
      verifier.SignatureAlgorithms = pick(verifier.SignatureAlgorithms, signatureMethods);
      verifier.HashAlgorithms = pick(verifier.HashAlgorithms, digestMethods);
      verifier.CanonicalizationAlgorithms = pick(verifier.CanonicalizationAlgorithms, transforms);
      verifier.loadSignature(node as never);
      if (!verifier.checkSignature(text)) continue;
      const signed = verifier.getSignedReferences();
      if (signed.length === 1) return signed[0];
    } catch {
      // Another key's; the error's text would quote the assertion.
    }
  }
  return undefined;
}

/** RSA of at least 2048 bits (NIST SP 800-131A); a certificate stands for its key, as in SAML metadata. `undefined`: it cannot be used. */
export function keyOf(pem: Uint8Array): KeyObject | undefined {
  try {
    const text = new TextDecoder().decode(pem);
    const key = text.includes("CERTIFICATE") ? new X509Certificate(text).publicKey : createPublicKey(text);
    return key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : undefined;
  } catch {
    return undefined;
  }
}

function pick<T extends object>(all: T, names: readonly string[]): T {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))) as T;
}

const fail = (level: string) => {
  throw new SyntaxError(level);
};
