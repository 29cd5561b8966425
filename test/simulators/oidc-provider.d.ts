/** The part of oidc-provider that the tests use; it comes without types of its own. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";
  import type { JWK } from "jose";

  export interface ClientMetadata {
    readonly client_id: string;
    readonly client_secret?: string;
    readonly grant_types?: readonly string[];
    readonly response_types?: readonly string[];
    readonly redirect_uris?: readonly string[];
    readonly token_endpoint_auth_method?: string;
    readonly token_endpoint_auth_signing_alg?: string;
    readonly introspection_endpoint_auth_method?: string;
    readonly scope?: string;
    readonly jwks?: { readonly keys: readonly JWK[] };
    readonly jwks_uri?: string;
  }

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    use(middleware: (context: { readonly oidc?: { readonly route?: string; readonly params?: Readonly<Record<string, unknown>>; readonly entities?: Readonly<Record<string, unknown>> }; body: unknown }, next: () => Promise<void>) => Promise<void>): void;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{ readonly prompt: { readonly name: string }; readonly params: Readonly<Record<string, string>>; readonly session?: { readonly accountId: string } }>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object, options?: object): Promise<void>;
    readonly Grant: new (of: { readonly accountId: string; readonly clientId: string }) => { addOIDCScope(scope: string): void; addOIDCClaims(claims: readonly string[]): void; save(): Promise<string> };
    on(event: string, listener: (...of: unknown[]) => void): void;
  }
}
