import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignedXml } from "xml-crypto";

/** What an assertion says; a test changes what it wants to be wrong. Times are ms from now. */
export interface Said {
  readonly id?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string;
  readonly recipient?: string;
  readonly issued?: number;
  readonly notBefore?: number;
  readonly notOnOrAfter?: number;
  readonly confirmedUntil?: number;
  readonly inResponseTo?: string;
  readonly context?: string;
  readonly scope?: readonly string[];
  /** XML inside Conditions. */
  readonly conditions?: string;
}

export interface SigningWay {
  readonly signature?: string;
  readonly digest?: string;
  readonly key?: KeyObject;
  readonly transforms?: readonly string[];
}

const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
const classes = "urn:oasis:names:tc:SAML:2.0:ac:classes:";

/** An issuer of SAML 2.0 assertions, as small as one can be: it says what a test lets it say, and signs it. */
export class SamlIssuer {
  readonly #base: Required<Pick<Said, "issuer" | "audience" | "recipient">>;
  #key = pair();
  #count = 0;

  constructor(base: Required<Pick<Said, "issuer" | "audience" | "recipient">>) {
    this.#base = base;
  }

  get publicPem(): string {
    return String(this.#key.publicKey.export({ type: "spki", format: "pem" }));
  }

  get privateKey(): KeyObject {
    return this.#key.privateKey;
  }

  rotate(bits = 2048): void {
    this.#key = pair(bits);
  }

  unsigned(said: Said = {}, now = Date.now()): string {
    const all = { ...this.#base, id: `_a${++this.#count}-${crypto.randomUUID()}`, subject: "jane.rivera", issued: 0, notBefore: -5_000, notOnOrAfter: 300_000, confirmedUntil: 300_000, context: `${classes}TimeSyncToken`, scope: ["visits.write"], ...said };
    const time = (ms: number) => new Date(now + ms).toISOString();
    return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${all.id}" IssueInstant="${time(all.issued)}" Version="2.0"><saml:Issuer>${all.issuer}</saml:Issuer><saml:Subject><saml:NameID>${all.subject}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData ${all.inResponseTo === undefined ? "" : `InResponseTo="${all.inResponseTo}" `}NotOnOrAfter="${time(all.confirmedUntil)}" Recipient="${all.recipient}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${time(all.notBefore)}" NotOnOrAfter="${time(all.notOnOrAfter)}"><saml:AudienceRestriction><saml:Audience>${all.audience}</saml:Audience></saml:AudienceRestriction>${said.conditions ?? ""}</saml:Conditions><saml:AuthnStatement AuthnInstant="${time(all.issued)}"><saml:AuthnContext><saml:AuthnContextClassRef>${all.context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="scope">${all.scope.map((each) => `<saml:AttributeValue>${each}</saml:AttributeValue>`).join("")}</saml:Attribute></saml:AttributeStatement></saml:Assertion>`;
  }

  sign(xml: string, { signature = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", digest = "http://www.w3.org/2001/04/xmlenc#sha256", key = this.#key.privateKey, transforms = ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", exclusive] }: SigningWay = {}): string {
    const signer = new SignedXml({ privateKey: key, signatureAlgorithm: signature as never, canonicalizationAlgorithm: exclusive });
    signer.addReference({ xpath: "/*[local-name(.)='Assertion']", digestAlgorithm: digest, transforms: [...transforms] });
    signer.computeSignature(xml, { location: { reference: "/*[local-name(.)='Assertion']/*[local-name(.)='Issuer']", action: "after" }, prefix: "ds" });
    return signer.getSignedXml();
  }

  assertion(said: Said = {}, way: SigningWay = {}, now = Date.now()): string {
    return this.sign(this.unsigned(said, now), way);
  }
}

/** RFC 7522 section 2.1. */
export const encoded = (xml: string): string => Buffer.from(xml).toString("base64url");

function pair(bits = 2048) {
  return generateKeyPairSync("rsa", { modulusLength: bits });
}
