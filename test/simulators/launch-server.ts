import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Kept } from "./oidc-memory.ts";
import { simulator } from "./simulator.ts";

// It warns at its import of every runtime that it does not know yet; the demo's output is for its reader.
const { warn } = console;
console.warn = () => undefined;
const { Provider } = await import("oidc-provider");
console.warn = warn;

/** What a test may tell the record's sign-in. */
export interface LaunchServer {
  /** Nothing answers while it is down. */
  down: boolean;
  /** The user says no. */
  denies: boolean;
  /** Beside the token, in place of what the launch stands for. */
  context: Readonly<Record<string, unknown>>;
  /** Requests at the token endpoint. */
  readonly redeemed: readonly string[];
  /** Signs with a new key from now on; the old one is not shown any more. */
  rotate(): void;
}

const accountId = "practitioner-p1";

/** The sign-in of a hospital's record by a provider that others wrote (oidc-provider): SMART's launch and context stand beside it, and its one user is always there. */
export const launchServer = simulator<LaunchServer>("launch", 8062, (arrivals, at) => {
  const issuer = `http://127.0.0.1:${at(8062)}`;
  const redeemed: string[] = [];
  let handle = provider(issuer, at);
  const told: LaunchServer = {
    down: false,
    denies: false,
    context: { patient: "s1", encounter: "s2", need_patient_banner: false },
    redeemed,
    rotate: () => {
      handle = provider(issuer, at);
    },
  };

  function provider(issuer: string, at: (port: number) => number) {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    const op = new Provider(issuer, {
      clients: [{ client_id: "sluice-visits", token_endpoint_auth_method: "none", grant_types: ["authorization_code"], response_types: ["code"], redirect_uris: [`http://127.0.0.1:${at(8041)}/smart/callback`], id_token_signed_response_alg: "ES384" }],
      jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "ES384", use: "sig", kid: crypto.randomUUID() }] },
      enabledJWA: { idTokenSigningAlgValues: ["ES384"] },
      scopes: ["openid", "fhirUser", "launch", "launch/patient"],
      claims: { openid: ["sub", "acr"], fhirUser: ["fhirUser"] },
      conformIdTokenClaims: false,
      acrValues: ["urn:example:two-factors"],
      extraParams: ["launch", "aud"],
      adapter: Kept,
      ttl: { AuthorizationCode: 60, AccessToken: 300, IdToken: 3600, Interaction: 600, Session: 3600, Grant: 3600 },
      cookies: { keys: ["for simulation alone"] },
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      features: { devInteractions: { enabled: false } },
      findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub, fhirUser: `http://127.0.0.1:${at(8064)}/fhir/Practitioner/p1` }) }),
    });
    op.use(async (context, next) => {
      await next();
      const body = context.body as Record<string, unknown> | undefined;
      if (context.oidc?.route === "token" && body?.access_token !== undefined) Object.assign(body, told.context);
    });
    op.on("server_error", () => undefined);
    const answer = op.callback();
    return async (...of: Parameters<typeof answer>) => {
      const [request, response] = of;
      if (!request.url?.startsWith("/interaction/")) return answer(...of);
      const { prompt, params, session } = await op.interactionDetails(request, response);
      if (told.denies) return op.interactionFinished(request, response, { error: "access_denied" });
      if (prompt.name === "login") return op.interactionFinished(request, response, { login: { accountId, acr: "urn:example:two-factors" } });
      const grant = new op.Grant({ accountId: session?.accountId ?? accountId, clientId: String(params.client_id) });
      grant.addOIDCScope(String(params.scope));
      return op.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
    };
  }

  const server = createServer((request, response) => {
    if (told.down) return void request.socket.destroy();
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (path === "/token") redeemed.push(path);
    arrivals.push({ path, headers: {}, body: "" });
    void Promise.resolve(handle(request, response)).catch(() => response.writeHead(500).end());
  });
  return { server, told };
});
