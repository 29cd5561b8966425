import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Browser } from "../simulators/browser.ts";
import type { LaunchServer } from "../simulators/launch-server.ts";
import { ManualClock } from "../../engine/sdk/testing/manual-clock.ts";
import { systemClock } from "../../engine/runtime/clock.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";

/** Wall time goes with the machine's; the test moves it on. */
class ShiftedClock extends ManualClock {
  shift = 0;
  override now = () => Date.now() + this.shift;
  override monotonic = () => performance.now() + this.shift;
  override after = (ms: number, run: () => void) => systemClock.after(ms, run);
}

describe("a launch from the hospital's record", () => {
  let example: ExampleProject;
  let signIn: LaunchServer;
  const clock = new ShiftedClock();
  beforeAll(async () => {
    example = await exampleProject(undefined, { clock });
    signIn = example.peers.of("launch");
  });
  // What a test that failed has told the sign-in is not for the next one.
  beforeEach(() => void Object.assign(signIn, { down: false, denies: false, context: { patient: "s1", encounter: "s2", need_patient_banner: false } }));
  afterAll(() => example?.close());

  const launchUrl = (iss = `http://127.0.0.1:${example.at(8064)}/fhir`, handle = "xyz") => `http://127.0.0.1:${example.at(8041)}/smart/launch?${new URLSearchParams({ iss, launch: handle })}`;
  const arrived = () => example.peers.received("desk").map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  const messages = () => example.engine.operations.messages({ limit: 50, lane: "app-launch/desk" }).length;

  it("brings who signed in and whom they have before them, by a provider that others wrote; no token is in it", async () => {
    const before = arrived().length;
    const done = await new Browser().open(launchUrl());
    expect([done.status, done.text]).toEqual([200, "Done. This window can be closed.\n"]);
    expect(done.headers.get("cache-control")).toBe("no-store");
    await example.settled();
    expect(arrived().slice(before)).toEqual([{ patient: "s1", encounter: "s2", practitioner: "Practitioner/p1", launch: expect.any(String) }]);
    const [{ id }] = example.engine.operations.messages({ limit: 1, lane: "app-launch/desk" }) as unknown as [{ id: number }];
    expect(example.engine.operations.message(id)?.principal).toMatchObject({ issuer: "lakeside-login", kind: "person", aal: 2, ial: 2 });
    for (const word of ["practitioner-p1", "eyJ", "xyz"]) expect(example.log.join("\n")).not.toContain(word);
  });

  it("asks with PKCE by S256, a state and the server whom the token is for", async () => {
    const { url } = await new Browser().open(launchUrl(), "/auth?");
    const asked = new URL(url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({ response_type: "code", client_id: "sluice-visits", code_challenge_method: "S256", aud: `http://127.0.0.1:${example.at(8064)}/fhir`, launch: "xyz", scope: "launch openid fhirUser" });
    for (const name of ["state", "nonce", "code_challenge"]) expect(asked.get(name)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it("is refused from another server, and with one half", async () => {
    const before = messages();
    expect(await new Browser().open(launchUrl("https://evil.example/fhir"))).toMatchObject({ status: 400, text: expect.stringContaining("IDN-221") });
    const half = launchUrl().replace(/&launch=.*/, "");
    expect(await new Browser().open(half)).toMatchObject({ status: 400, text: expect.stringContaining("IDN-221") });
    expect(messages()).toBe(before);
  });

  it("answers that are forged, of another browser, late or repeated are refused, and redeem nothing", async () => {
    const [before, redeemed] = [messages(), signIn.redeemed.length];
    const callback = (query: Record<string, string>) => `http://127.0.0.1:${example.at(8041)}/smart/callback?${new URLSearchParams(query)}`;
    const refused = { status: 400, text: expect.stringContaining("IDN-222") };
    expect(await new Browser().open(callback({ code: "c", state: "made-up" }))).toMatchObject(refused);
    expect(await new Browser().open(callback({ code: "c" }))).toMatchObject(refused);
    // Somebody else's answer, brought to this browser.
    const theirs = await new Browser().open(launchUrl(), "/smart/callback");
    const mine = new Browser();
    await mine.open(launchUrl(), "/auth?");
    expect(await mine.open(theirs.url)).toMatchObject(refused);
    const late = new Browser();
    const answer = await late.open(launchUrl(), "/smart/callback");
    clock.shift += 11 * 60_000;
    expect(await late.open(answer.url)).toMatchObject(refused);
    expect([messages(), signIn.redeemed.length]).toEqual([before, redeemed]);
    const again = new Browser();
    const first = await again.open(launchUrl(), "/smart/callback");
    expect((await again.open(first.url)).status).toBe(200);
    expect(await again.open(first.url)).toMatchObject(refused);
    expect(messages()).toBe(before + 1);
  });

  it("a user who says no, and a server that gives no patient, bring nothing", async () => {
    const before = messages();
    signIn.denies = true;
    expect(await new Browser().open(launchUrl())).toMatchObject({ status: 403, text: expect.stringContaining("IDN-223") });
    signIn.denies = false;
    const { context } = signIn;
    signIn.context = { encounter: "s2" };
    expect(await new Browser().open(launchUrl())).toMatchObject({ status: 403, text: expect.stringContaining("IDN-225") });
    // An id token of its own making beside the real one's place: the provider's key did not sign it.
    const unsigned = [{ alg: "none" }, { iss: `http://127.0.0.1:${example.at(8062)}`, aud: "sluice-visits", sub: "x", exp: 4e9, fhirUser: "Practitioner/evil" }].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    signIn.context = { patient: "s1", id_token: `${unsigned}.` };
    expect(await new Browser().open(launchUrl())).toMatchObject({ status: 403, text: expect.stringContaining("IDN-202") });
    signIn.context = context;
    expect(messages()).toBe(before);
  });

  it("a code without its verifier is worth nothing, and an id token of another launch is refused by its nonce", async () => {
    const before = messages();
    const redirect = `http://127.0.0.1:${example.at(8041)}/smart/callback`;
    const redeem = async (url: string, verifier: string) => {
      const form = new URLSearchParams({ grant_type: "authorization_code", code: new URL(url).searchParams.get("code") ?? "", redirect_uri: redirect, client_id: "sluice-visits", code_verifier: verifier });
      const response = await fetch(`http://127.0.0.1:${example.at(8062)}/token`, { method: "POST", body: form });
      return (await response.json()) as { error?: string; id_token?: string };
    };
    const stolen = await new Browser().open(launchUrl(), "/smart/callback");
    expect((await redeem(stolen.url, "w".repeat(43))).error).toBe("invalid_grant");
    // Properly signed for us, for the same user, and of a login that the engine did not begin.
    const verifier = "v".repeat(43);
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const asked = new URLSearchParams({ response_type: "code", client_id: "sluice-visits", redirect_uri: redirect, scope: "openid fhirUser", state: "s", nonce: "another", code_challenge: challenge, code_challenge_method: "S256" });
    const { id_token: other } = await redeem((await new Browser().open(`http://127.0.0.1:${example.at(8062)}/auth?${asked}`, "/smart/callback")).url, verifier);
    expect(other).toMatch(/^eyJ/);
    const { context } = signIn;
    signIn.context = { patient: "s1", id_token: other };
    expect(await new Browser().open(launchUrl())).toMatchObject({ status: 403, text: expect.stringContaining("IDN-225") });
    signIn.context = context;
    expect(messages()).toBe(before);
  });

  it("the sign-in is down, or has rotated its keys mid-flight", async () => {
    const browser = new Browser();
    const { url } = await browser.open(launchUrl(), "/smart/callback");
    signIn.down = true;
    expect(await browser.open(url)).toMatchObject({ status: 503 });
    signIn.down = false;
    clock.shift += 20_000;
    signIn.rotate();
    expect(await new Browser().open(launchUrl())).toMatchObject({ status: 200 });
  });

  it("somebody who opens us by themselves is asked for a patient", async () => {
    const { url } = await new Browser().open(launchUrl().replace(/\?.*/, ""), "/auth?");
    expect(new URL(url).searchParams.get("scope")).toBe("launch/patient openid fhirUser");
    expect(new URL(url).searchParams.has("launch")).toBe(false);
    expect(await new Browser().open(launchUrl().replace(/\?.*/, ""))).toMatchObject({ status: 200 });
  });
});
