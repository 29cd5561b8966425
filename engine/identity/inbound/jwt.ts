import { errors, jwtVerify } from "jose";
import type { Issuer } from "../../config/project.ts";
import { type Clock, type Code, EngineError } from "../../sdk/index.ts";
import type { Claims } from "./claims.ts";
import type { IssuerKeys } from "./issuer-keys.ts";

/** RFC 9068 section 2.1, and what issuers before it write. An id token with a type of its own, or a request object, is no access token (RFC 8725 section 3.11). */
const types: ReadonlySet<string | undefined> = new Set(["at+jwt", "application/at+jwt", "jwt", "application/jwt", undefined]);

/** The claims of a JWT that an issuer signed for us, or the code of why it is none. */
export async function readJwt(token: string, issuer: Issuer, keys: IssuerKeys, clock: Clock): Promise<{ readonly claims: Claims } | { readonly code: Code }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
      issuer: issuer.issuer,
      audience: [...issuer.audience],
      algorithms: [...issuer.algorithms],
      clockTolerance: issuer.skewMs / 1000,
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp"],
    });
    return types.has(protectedHeader.typ?.toLowerCase()) ? { claims: payload } : { code: "IDN-202" };
  } catch (error) {
    return { code: codeFor(error) };
  }
}

function codeFor(error: unknown): Code {
  if (error instanceof EngineError) return error.code;
  if (error instanceof errors.JWTExpired) return "IDN-203";
  if (!(error instanceof errors.JWTClaimValidationFailed)) return "IDN-202";
  if (error.claim === "iss" || error.claim === "aud") return "IDN-204";
  return error.claim === "nbf" || error.claim === "exp" || error.claim === "iat" ? "IDN-203" : "IDN-202";
}
