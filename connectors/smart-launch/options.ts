import { duration, object, type OptionProblem, secret, serverTls, Type, type Static } from "../../engine/sdk/index.ts";

const address = (description: string, example: string) => Type.String({ description, pattern: "^https?://[^\\s?#]+$", examples: [example] });

export const sourceOptions = object({
  path: Type.String({ description: "Base path: the launch URL is below it at /launch, the redirect URL at /callback", pattern: "^/(?!/)(?!.*(?:\\.\\.|//))[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]$", default: "/smart", examples: ["/smart"] }),
  port: Type.Integer({ description: "TCP port to listen on, which channels may share", minimum: 1, maximum: 65535, default: 8041 }),
  host: Type.String({ description: "Address to listen on", default: "127.0.0.1", examples: ["0.0.0.0"] }),
  tls: Type.Optional(serverTls()),
  server: address("Base of the FHIR server that launches us: iss of a launch, to the letter; another's launch is refused", "https://ehr.example/fhir/r4"),
  authorize: address("Its authorization endpoint, to which the browser is sent", "https://ehr.example/oauth2/authorize"),
  endpoint: Type.Optional(Type.String({ description: "Token endpoint, by its id among the partner's; not needed when it has only one for HTTP", examples: ["token"] })),
  redirect: address("Our redirect URL as it is registered there; its path ends in /callback", "https://sluice.clinic.example/smart/callback"),
  client: Type.String({ description: "Client id", minLength: 1, examples: ["sluice-clinic"] }),
  secret: Type.Optional(secret("Client secret, of a confidential client")),
  scope: Type.String({ description: "Scopes to ask for", default: "launch openid fhirUser", examples: ["launch openid fhirUser patient/Observation.rs"] }),
  issuer: Type.Optional(Type.String({ description: "Issuer of identity in sluice.yaml that signs the id tokens; with scope openid", pattern: "^[a-z][a-z0-9-]*$", examples: ["hospital-login"] })),
  needs: Type.Array(Type.Enum(["patient", "encounter", "fhirUser"]), { description: "What a launch must bring to be a message", default: ["patient"], examples: [["patient", "encounter"]] }),
  landing: Type.Optional(address("Where the browser goes when the message is kept; default: a line of text", "https://visits.clinic.example/today")),
  embedded: Type.Boolean({ description: "The record shows us in a frame of its own page: the cookie is then one for frames (SameSite=None, Partitioned), and needs https", default: false }),
  within: duration("Time for somebody to sign in", "10m"),
  timeout: duration("Time for the token endpoint to answer", "15s"),
});
export type SourceOptions = Static<typeof sourceOptions>;

const isLoopback = (url: string) => /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(url);

export function problems({ path, server, authorize, redirect, scope, issuer, embedded, needs }: SourceOptions): readonly OptionProblem[] {
  const found: OptionProblem[] = [];
  const plain = (["server", "authorize", "redirect"] as const).find((name) => !{ server, authorize, redirect }[name].startsWith("https:") && !isLoopback({ server, authorize, redirect }[name]));
  if (plain) found.push({ path: [plain], message: "codes and tokens would go over the network in the clear", help: "use https://" });
  if (!new URL(redirect).pathname.endsWith(`${path}/callback`)) found.push({ path: ["redirect"], message: `its path must end in ${path}/callback, where this source listens` });
  const isOpenId = scope.split(" ").includes("openid");
  if (isOpenId && issuer === undefined) found.push({ path: ["scope"], message: "an id token would come that nobody could verify", help: "name its issuer: issuer: hospital-login, or leave openid out" });
  if (!isOpenId && (issuer !== undefined || needs.includes("fhirUser"))) found.push({ path: ["scope"], message: "without openid no id token comes, and nobody says who launches", help: "add openid fhirUser to the scopes" });
  if (embedded && !redirect.startsWith("https:")) found.push({ path: ["embedded"], message: "browsers keep a cookie for frames over https alone" });
  return found;
}
