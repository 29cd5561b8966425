import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { X12Parser, type X12Interchange } from "node-x12";
import type { Clearinghouse } from "../simulators/clearinghouse.ts";
import { answered999, type Claimed } from "../simulators/clearinghouse-x12.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";

const fixture = JSON.parse(readFileSync("channels/fixtures/claim.json", "utf8")) as { readonly [key: string]: unknown };
const fhirFixture = readFileSync("channels/fixtures/claim.fhir.json", "utf8");
const names = /TESTPATIENT|MBR90017734|1964-?02-?29|EXAMPLE STREET/;

/** Files are looked at and sent at once; everything else is the example as it is. */
const quick = (text: string) => text.replace("poll: 30s", "poll: 100ms, age: 100ms").replace("batch: { max: 500, within: 5s }", "batch: { max: 500, within: 300ms }").replace(/initial: \d+s, max: \d+m/, "initial: 50ms, max: 200ms");

describe("billing", { timeout: 120_000 }, () => {
  let example: ExampleProject;
  let house: Clearinghouse;
  let number = 500_000;
  beforeAll(async () => {
    example = await exampleProject(quick);
    house = example.peers.of("clearinghouse");
  });
  // What a test that failed has left to go wrong is not for the next one.
  beforeEach(() => house.calm());
  afterAll(() => example?.close());

  /** Each claim is of a visit of its own, by which the ledger's token of the claim is found. */
  const visits = new Map<string, string>();
  const next = () => {
    const claim = `VC${++number}`;
    visits.set(claim, crypto.randomUUID());
    return claim;
  };
  async function ask(path: string, body: unknown, of = example): Promise<{ readonly status: number; readonly said: Record<string, unknown> }> {
    const headers = { authorization: `Bearer ${of.secret("billing_token")}`, "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${of.at(8041)}${path}`, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
    return { status: response.status, said: JSON.parse((await response.text()) || "{}") };
  }
  async function claimed(...claims: readonly string[]): Promise<readonly string[]> {
    for (const claim of claims) expect((await ask("/claims", claimOf(claim))).status).toBe(202);
    return claims;
  }
  const claimOf = (claim: string, more: object = {}) => ({ ...fixture, claim, visit: visits.get(claim), ...more });
  /** All of them are here before any goes, so they go in one file however slow this machine is. */
  async function claimedTogether(...claims: readonly string[]): Promise<readonly string[]> {
    const { lanes } = example.engine.operations;
    await lanes.pause(["claims/clearinghouse"], "until all are here");
    try {
      return await claimed(...claims);
    } finally {
      await lanes.resume(["claims/clearinghouse"]);
    }
  }
  /** Open work of a list about messages that name one of these. */
  const workOn = (list: string, ...names: readonly string[]) =>
    example.engine.operations.work.list({ list, state: "open", limit: 100 }).filter(({ message }) => names.some((name) => textOf(message).includes(name)));
  const textOf = (message: number) => Buffer.from(example.engine.operations.message(message)?.raw?.bytes ?? []).toString();
  const entriesOf = (message: number) => example.engine.operations.message(message)?.entries ?? [];
  /** The desk is told before the record says that the message is held. */
  const held = (message: number) => expect.poll(() => entriesOf(message).map(({ state }) => state).filter((state) => state !== "held")).toEqual([]);
  async function givenUp(message: number, reason: string): Promise<void> {
    await held(message);
    for (const { lane } of entriesOf(message)) await example.engine.operations.discard(lane, message, reason);
  }
  const told = (transaction: string) =>
    example.peers.received("billing").map(({ body }) => JSON.parse(body) as { transaction: string; claims: { claim: string; said: string }[] }).filter((each) => each.transaction === transaction);
  const toldOf = (transaction: string, claim: string) => told(transaction).flatMap(({ claims }) => claims).filter((each) => each.claim === claim);
  const accepted = async (claims: readonly string[]) => {
    for (const claim of claims) await expect.poll(() => toldOf("277CA", claim)).toMatchObject([{ said: "WQ" }]);
  };
  const ledger = () => example.peers.received("visits").map(({ body }) => JSON.parse(body) as { event?: string; claim: string; visit?: string; paid?: number; outcome?: string });
  const sent = (claim: string) => ledger().filter(({ event, visit }) => event === "claimed" && visit === visits.get(claim));
  const posted = (...claims: readonly string[]) => ledger().filter(({ event, claim: token }) => event === "remitted" && claims.some((claim) => sent(claim)[0]?.claim === token));
  const fileWith = (claim: string) => [...house.files].find(([, text]) => text.includes(`CLM*${claim}*`));

  it("claims go in one file, each under its own number, as another's parser reads them", async () => {
    const claims = await claimedTogether(next(), next(), next());
    await accepted(claims);
    const [name = "", text = ""] = fileWith(claims[0] ?? "") ?? [];
    const interchange = new X12Parser(true).parse(text) as X12Interchange;
    const [group] = interchange.functionalGroups;
    const sets = group?.transactions ?? [];
    expect(sets.map(({ header }) => [header.valueOf(1), header.valueOf(2), header.valueOf(3)])).toEqual(claims.map((claim) => ["837", claim, "005010X222A1"]));
    expect(sets.map(({ segments }) => segments.find(({ tag }) => tag === "CLM")?.valueOf(1))).toEqual(claims);
    expect(sets.map(({ segments }) => segments.find(({ tag }) => tag === "CLM")?.valueOf(2))).toEqual(["110.50", "110.50", "110.50"]);
    // A name is what the engine knows of a message, never content.
    expect(name).toMatch(/^\d{8}-\d{9}-[0-9a-f]{32}\.837$/);
    // The ledger is told a token and an amount.
    for (const claim of claims) await expect.poll(() => sent(claim)).toEqual([{ event: "claimed", claim: expect.stringMatching(/^[0-9a-f]{32}$/), visit: visits.get(claim), charged: 11050 }]);
  });

  it("an institutional claim, one of a dependent and one in FHIR reach it as well", async () => {
    const [institutional, dependent] = [next(), next()];
    const { lines, subscriber } = fixture as { lines: object[]; subscriber: { address: object } };
    expect((await ask("/claims", claimOf(institutional, { type: "institutional", place: "13", lines: lines.map((line) => ({ ...line, revenue: "0510" })) }))).status).toBe(202);
    expect((await ask("/claims", claimOf(dependent, { patient: { relationship: "19", last: "TESTPATIENT", first: "BEN", birthDate: "2015-03-01", sex: "M", address: subscriber.address } }))).status).toBe(202);
    const inFhir = next();
    expect((await ask("/claims/fhir", fhirFixture.replace("VC100301", inFhir))).status).toBe(202);
    await accepted([institutional, dependent, inFhir]);
    expect(fileWith(institutional)?.[1]).toContain("*005010X223A2~");
    expect(fileWith(dependent)?.[1]).toMatch(/PAT\*19~\nNM1\*QC\*1\*TESTPATIENT\*BEN/);
    expect(fileWith(inFhir)?.[1]).toContain(`CLM*${inFhir}*85.50*`);
  });

  it("a payment is posted claim by claim: token, payer and amounts, and the case ends", async () => {
    const claims = await claimed(next(), next());
    await accepted(claims);
    const [good = "", bad = ""] = claims;
    house.denies(bad);
    house.pays(claims);
    await expect.poll(() => [posted(good).length, posted(bad).length]).toEqual([1, 1]);
    const [paid, denied] = posted(...claims);
    expect(paid).toEqual({ event: "remitted", claim: expect.stringMatching(/^[0-9a-f]{32}$/), payer: "example-health-plan", outcome: "paid", charged: 11050, paid: 8840, patient: 0 });
    expect(denied).toMatchObject({ outcome: "denied", charged: 11050, paid: 0 });
    // The ledger knows the token from the day on which the claim was sent.
    expect([sent(good), sent(bad)]).toMatchObject([[{ claim: paid?.claim }], [{ claim: denied?.claim }]]);
    expect(workOn("denied-claims", ...claims)).toHaveLength(1);
  });

  it("eligibility in real time: a 270 goes out, and who asked gets what the 271 says", async () => {
    const question = { payer: fixture["payer"], provider: fixture["billing"], subscriber: fixture["subscriber"], date: "2026-03-01" };
    const asked = () => example.peers.received("clearinghouse").filter(({ path }) => path === "/x12/eligibility");
    const before = asked().length;
    const { status, said } = await ask("/eligibility", question);
    expect([status, said]).toEqual([200, {
      eligible: true, refused: [], payer: "EXAMPLE HEALTH PLAN",
      benefits: [{ information: "1", services: ["30"], plan: "GOLD PLAN", amount: "", percent: "" }, { information: "B", services: ["98"], plan: "", amount: "30", percent: "" }],
    }]);
    house.trouble("unknown-member");
    expect((await ask("/eligibility", question)).said).toMatchObject({ eligible: false, refused: ["75"] });
    // Nobody waits for an answer that comes another day.
    house.trouble("busy");
    expect((await ask("/eligibility", question)).status).toBeGreaterThanOrEqual(422);
    const arrived = asked().slice(before);
    expect(arrived.map(({ headers }) => headers["authorization"])).toEqual(Array(3).fill(`Basic ${Buffer.from(`visits:${example.secret("clearinghouse_password")}`).toString("base64")}`));
    expect(new X12Parser(true).parse(arrived[0]?.body ?? "")).toBeTruthy();
  });

  it("a claim's status is asked with a 276, and the 277 comes back, to who asked and in files", async () => {
    const [claim = ""] = await claimed(next());
    await accepted([claim]);
    const about = { claim, payer: fixture["payer"], billing: fixture["billing"], subscriber: fixture["subscriber"], charge: 11050, date: "2026-03-01" };
    expect(await ask("/claim-status", about)).toMatchObject({ status: 200, said: { transaction: "277", claims: [{ claim, payerClaim: `P${claim}`, statuses: [{ category: "P1", status: "20" }] }] } });
    expect((await ask("/claim-status", { ...about, claim: "VC999999" })).said).toMatchObject({ claims: [{ statuses: [{ category: "A4" }] }] });
    house.says(claim, "R3");
    await expect.poll(() => toldOf("277", claim)).toHaveLength(1);
    expect(workOn("claims-asked-about", claim)).toHaveLength(1);
    house.says(claim, "F1");
    await expect.poll(() => toldOf("277", claim)).toHaveLength(2);
    await expect.poll(() => workOn("claims-asked-about", claim)).toEqual([]);
  });

  it("bad day: a 999 rejects one of three claims; that one is the desk's work, two go on, and mended it goes again", async () => {
    const [good, bad, other] = [next(), next(), next()];
    house.rejects(bad);
    await claimedTogether(good, bad, other);
    await accepted([good, other]);
    // The 999 and the 277CA are two files, read by two channels: which is told first is nobody's promise.
    await expect.poll(() => [good, bad, other].map((claim) => toldOf("999", claim).map(({ said }) => said))).toEqual([["A"], ["R"], ["A"]]);
    expect(workOn("rejected-claims", bad)).toMatchObject([{ owner: "billing-desk", code: "CAS-130", channel: "claim-acknowledgements" }]);
    // Twice as it was is held; once it was mended it is sent, and the work is done.
    expect((await ask("/claims", claimOf(good))).status).toBe(202);
    await expect.poll(() => workOn("claims-review", good).map(({ code }) => code)).toEqual(["CAS-104"]);
    expect((await ask("/claims", claimOf(bad, { diagnoses: ["J069"] }))).status).toBe(202);
    await accepted([bad]);
    await expect.poll(() => workOn("rejected-claims", bad)).toEqual([]);
    const [again] = workOn("claims-review", good);
    await givenUp(again?.message ?? 0, "twice");
    expect(entriesOf(again?.message ?? 0).map(({ lane, state }) => `${lane} ${state}`).toSorted()).toEqual(["claims/clearinghouse cancelled", "claims/ledger cancelled"]);
  });

  it("bad day: the payer does not take a claim (277CA); the file as a whole is refused (TA1)", async () => {
    const refused = next();
    house.refuses(refused);
    await claimed(refused);
    await expect.poll(() => toldOf("277CA", refused)).toMatchObject([{ said: "U" }]);
    expect(workOn("rejected-claims", refused)).toMatchObject([{ channel: "claim-acceptances" }]);
    house.trouble("refused-file");
    const lost = next();
    await claimed(lost);
    // The file is named by the number of its first message, so the desk finds what was in it.
    const controls = () => told("TA1").map((each) => (each as unknown as { control: string }).control).filter((control) => textOf(Number(control)).includes(lost));
    await expect.poll(controls).toHaveLength(1);
    const [control = ""] = controls();
    expect(example.engine.operations.message(Number(control))?.channel).toBe("claims");
    expect(workOn("refused-files", `TA1*${control}*`)).toMatchObject([{ code: "CAS-130", owner: "billing-desk" }]);
  });

  it("bad day: an 835 that does not balance is held with its code, and nothing of it is posted", async () => {
    const claims = await claimed(next(), next());
    await accepted(claims);
    const lines = example.log.length;
    house.pays(claims, (text) => text.replace(/BPR\*I\*[\d.]+/, "BPR*I*176.81"));
    const review = () => workOn("remittances-review", ...claims);
    await expect.poll(review).toMatchObject([{ code: "X12-301", owner: "billing-desk", channel: "remittances" }]);
    const [{ message } = { message: 0 }] = review();
    await held(message);
    expect(entriesOf(message)).toMatchObject([{ state: "held", code: "X12-301" }]);
    expect(posted(...claims)).toEqual([]);
    await expect.poll(() => example.log.slice(lines).join("\n")).toContain("X12-301");
    // The payer sends it once more, as it should be; the first is given up.
    house.pays(claims);
    await expect.poll(() => posted(...claims).length).toBe(2);
    await givenUp(message, "sent again by the payer");
    await expect.poll(review).toEqual([]);
    await example.settled();
    expect(posted(...claims)).toHaveLength(2);
  });

  it("bad day: a remittance comes twice, as the same file and as another one about the same payment; it is posted once", async () => {
    const [claim = ""] = await claimed(next());
    await accepted([claim]);
    const text = house.pays([claim]);
    await expect.poll(() => posted(claim).length).toBe(1);
    const names = [`again-${claim}.835`, `once-more-${claim}.835`];
    house.puts(names[0] ?? "", text);
    house.puts(names[1] ?? "", text.replaceAll("\n", "\r\n"));
    await expect.poll(() => names.filter((name) => house.names("taken").includes(name))).toEqual(names);
    await expect.poll(() => workOn("remittances-review", claim)).toMatchObject([{ code: "CAS-104" }]);
    await givenUp(workOn("remittances-review", claim)[0]?.message ?? 0, "a repeat");
    await example.settled();
    expect(posted(claim)).toHaveLength(1);
  });

  it("bad day: a 999 that comes after the payment is told to the desk and moves nothing; the loop goes on where it was after a restart", async () => {
    const [claim = ""] = await claimed(next());
    await accepted([claim]);
    await example.restart();
    house.pays([claim]);
    await expect.poll(() => posted(claim).length).toBe(1);
    await expect.poll(() => toldOf("999", claim).length).toBe(1);
    house.puts(`late-${claim}.999`, answered999(90_001, fileWith(claim)?.[1] ?? "", [house.claims.get(claim) as Claimed], () => false));
    await expect.poll(() => toldOf("999", claim).length).toBe(2);
    // Paid it is: what would pay it again is held.
    house.pays([claim]);
    await expect.poll(() => workOn("remittances-review", claim)).toMatchObject([{ code: "CAS-104" }]);
    await givenUp(workOn("remittances-review", claim)[0]?.message ?? 0, "a repeat");
    await example.settled();
    expect(posted(claim)).toHaveLength(1);
  });

  it("bad day: a truncated file is refused with code and place, and nothing of it is posted", async () => {
    const claims = await claimed(next(), next());
    await accepted(claims);
    const [lines, before] = [example.log.length, house.names("outbox")];
    house.pays(claims, (text) => text.slice(0, text.lastIndexOf("CAS*")));
    const name = house.names("outbox").find((each) => !before.includes(each));
    await expect.poll(() => house.names("failed")).toContain(name);
    const log = () => example.log.slice(lines).join("\n");
    await expect.poll(log).toMatch(/FLW-110/);
    await expect.poll(log).toMatch(/X12-211.*2100/);
    expect(posted(...claims)).toEqual([]);
    house.pays(claims);
    await expect.poll(() => posted(...claims).length).toBe(2);
  });

  it("bad day: answers about claims that nobody has sent stand on their lists, and the claims that wait too long as well", async () => {
    const [claim = ""] = await claimed(next());
    await accepted([claim]);
    const unsent = next();
    (house.claims as Map<string, unknown>).set(unsent, { ...(house.claims.get(claim) as object), claim: unsent });
    house.pays([claim, unsent]);
    await expect.poll(() => workOn("unmatched-remittances", unsent)).toMatchObject([{ code: "CAS-102" }]);
    await held(workOn("unmatched-remittances", unsent)[0]?.message ?? 0);
    house.says(unsent, "P1");
    await expect.poll(() => workOn("unmatched-claims", unsent)).toMatchObject([{ code: "CAS-102", channel: "claim-statuses" }]);
    expect(posted(claim)).toEqual([]);
  });

  it("nothing of anybody is in a name, an address or the log, and every message has its end or its owner", () => {
    expect([...house.files.keys(), ...example.peers.received("clearinghouse").map(({ path }) => path)].join("\n")).not.toMatch(names);
    expect(example.log.join("\n")).not.toMatch(names);
    for (const arrival of example.peers.received("visits")) expect(JSON.stringify(arrival)).not.toMatch(/TESTPATIENT|MBR|VC5/);
    expect(example.engine.operations.status().conservationGap).toBe(0);
  });
});

it("a claim that nobody answers is overdue, and an answer ends that", async () => {
  const example = await exampleProject((text) => quick(text).replace("due: { in: 1d, list: overdue-claims }", "due: { in: 1s, list: overdue-claims }"));
  try {
    const house = example.peers.of("clearinghouse");
    house.trouble("lost");
    const headers = { authorization: `Bearer ${example.secret("billing_token")}`, "content-type": "application/json" };
    expect((await fetch(`http://127.0.0.1:${example.at(8041)}/claims`, { method: "POST", headers, body: JSON.stringify(fixture) })).status).toBe(202);
    const overdue = () => example.engine.operations.work.list({ state: "open", limit: 10 }).map(({ list, code }) => `${list} ${code}`);
    await expect.poll(overdue).toEqual(["overdue-claims CAS-109"]);
    house.says("VC100201", "P1");
    await expect.poll(overdue).toEqual([]);
  } finally {
    await example.close();
  }
});
