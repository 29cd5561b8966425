import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
  afterAll(() => example?.close());

  const wait = { timeout: 40_000 };
  const next = () => `VC${++number}`;
  async function ask(path: string, body: unknown, of = example): Promise<{ readonly status: number; readonly said: Record<string, unknown> }> {
    const headers = { authorization: `Bearer ${of.secret("billing_token")}`, "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${of.at(8041)}${path}`, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
    return { status: response.status, said: JSON.parse((await response.text()) || "{}") };
  }
  async function claimed(...claims: readonly string[]): Promise<readonly string[]> {
    for (const claim of claims) expect((await ask("/claims", { ...fixture, claim })).status).toBe(202);
    return claims;
  }
  const work = (of = example) => of.engine.operations.work.list({ state: "open", limit: 100 });
  const told = (transaction: string) =>
    example.peers.received("billing").map(({ body }) => JSON.parse(body) as { transaction: string; claims: { claim: string; said: string }[] }).filter((each) => each.transaction === transaction);
  const toldOf = (transaction: string, claim: string) => told(transaction).flatMap(({ claims }) => claims).filter((each) => each.claim === claim);
  const accepted = async (claims: readonly string[]) => {
    for (const claim of claims) await expect.poll(() => toldOf("277CA", claim), wait).toMatchObject([{ said: "WQ" }]);
  };
  const posted = () => example.peers.received("visits").map(({ body }) => JSON.parse(body) as { event?: string; claim: string; paid?: number; outcome?: string }).filter(({ event }) => event === "remitted");
  const fileWith = (claim: string) => [...house.files].find(([, text]) => text.includes(`CLM*${claim}*`));

  it("claims go in one file, each under its own number, as another's parser reads them", async () => {
    const claims = await claimed(next(), next(), next());
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
    const [entry] = example.peers.received("visits").map(({ body }) => JSON.parse(body)).filter(({ event }) => event === "claimed");
    expect(entry).toEqual({ event: "claimed", claim: expect.stringMatching(/^[0-9a-f]{32}$/), visit: fixture["visit"], charged: 11050 });
  });

  it("an institutional claim, one of a dependent and one in FHIR reach it as well", async () => {
    const [institutional, dependent] = [next(), next()];
    const { lines, subscriber } = fixture as { lines: object[]; subscriber: { address: object } };
    expect((await ask("/claims", { ...fixture, claim: institutional, type: "institutional", place: "13", lines: lines.map((line) => ({ ...line, revenue: "0510" })) })).status).toBe(202);
    expect((await ask("/claims", { ...fixture, claim: dependent, patient: { relationship: "19", last: "TESTPATIENT", first: "BEN", birthDate: "2015-03-01", sex: "M", address: subscriber.address } })).status).toBe(202);
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
    house.denies(claims[1] ?? "");
    const before = posted().length;
    house.pays(claims);
    await expect.poll(() => posted().length, wait).toBe(before + 2);
    const [paid, denied] = posted().slice(before);
    expect(paid).toEqual({ event: "remitted", claim: expect.stringMatching(/^[0-9a-f]{32}$/), payer: "example-health-plan", outcome: "paid", charged: 11050, paid: 8840, patient: 0 });
    expect(denied).toMatchObject({ outcome: "denied", charged: 11050, paid: 0 });
    // The ledger knows the token from the day on which the claim was sent.
    const sent = example.peers.received("visits").map(({ body }) => JSON.parse(body)).filter(({ event }) => event === "claimed");
    for (const { claim } of [paid, denied] as { claim: string }[]) expect(sent.filter((each) => each.claim === claim)).toHaveLength(1);
    expect(work().filter(({ list }) => list === "denied-claims")).toHaveLength(1);
  });

  it("eligibility in real time: a 270 goes out, and who asked gets what the 271 says", async () => {
    const question = { payer: fixture["payer"], provider: fixture["billing"], subscriber: fixture["subscriber"], date: "2026-03-01" };
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
    const arrived = example.peers.received("clearinghouse").filter(({ path }) => path === "/x12/eligibility");
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
    await expect.poll(() => toldOf("277", claim), wait).toHaveLength(1);
    expect(work().filter(({ list }) => list === "claims-asked-about")).toHaveLength(1);
    house.says(claim, "F1");
    await expect.poll(() => toldOf("277", claim), wait).toHaveLength(2);
    await expect.poll(() => work().filter(({ list }) => list === "claims-asked-about"), wait).toEqual([]);
  });

  it("bad day: a 999 rejects one of three claims; that one is the desk's work, two go on, and mended it goes again", async () => {
    const [good, bad, other] = [next(), next(), next()];
    house.rejects(bad);
    await claimed(good, bad, other);
    await accepted([good, other]);
    // The 999 and the 277CA are two files, read by two channels: which is told first is nobody's promise.
    await expect.poll(() => ["R", "A"].map((said) => told("999").flatMap(({ claims }) => claims).filter((each) => [good, bad, other].includes(each.claim) && each.said === said).length), wait).toEqual([1, 2]);
    const mine = work().filter(({ list }) => list === "rejected-claims");
    expect(mine).toMatchObject([{ owner: "billing-desk", code: "CAS-130", channel: "claim-acknowledgements" }]);
    // Twice as it was is held; once it was mended it is sent, and the work is done.
    expect((await ask("/claims", { ...fixture, claim: good })).status).toBe(202);
    await expect.poll(() => work().map(({ code, list }) => `${list} ${code}`), wait).toContain("claims-review CAS-104");
    expect((await ask("/claims", { ...fixture, claim: bad, diagnoses: ["J069"] })).status).toBe(202);
    await accepted([bad]);
    await expect.poll(() => work().filter(({ list }) => list === "rejected-claims"), wait).toEqual([]);
    const again = work().find(({ code }) => code === "CAS-104");
    await example.engine.operations.discard("claims/clearinghouse", again?.message ?? 0, "twice");
    await example.engine.operations.discard("claims/ledger", again?.message ?? 0, "twice");
  });

  it("bad day: the payer does not take a claim (277CA); the file as a whole is refused (TA1)", async () => {
    const refused = next();
    house.refuses(refused);
    await claimed(refused);
    await expect.poll(() => toldOf("277CA", refused), wait).toMatchObject([{ said: "U" }]);
    expect(work().filter(({ list, channel }) => list === "rejected-claims" && channel === "claim-acceptances")).toHaveLength(1);
    house.trouble("refused-file");
    const lost = next();
    await claimed(lost);
    await expect.poll(() => told("TA1").length, wait).toBe(1);
    const [item] = work().filter(({ list }) => list === "refused-files");
    expect(item).toMatchObject({ code: "CAS-130", owner: "billing-desk" });
    // The file is named by the number of its first message, so the desk finds what was in it.
    const { control } = told("TA1")[0] as unknown as { control: string };
    expect(example.engine.operations.message(Number(control))?.channel).toBe("claims");
  });

  it("bad day: an 835 that does not balance is held with its code, and nothing of it is posted", async () => {
    const claims = await claimed(next(), next());
    await accepted(claims);
    const before = posted().length;
    house.pays(claims, (text) => text.replace(/BPR\*I\*[\d.]+/, "BPR*I*176.81"));
    const held = () => work().filter(({ list }) => list === "remittances-review");
    await expect.poll(held, wait).toMatchObject([{ code: "X12-301", owner: "billing-desk", channel: "remittances" }]);
    const [item] = held();
    expect(example.engine.operations.message(item?.message ?? 0)?.entries[0]).toMatchObject({ state: "held", code: "X12-301" });
    expect(posted()).toHaveLength(before);
    expect(example.log.join("\n")).toContain("X12-301");
    // The payer sends it once more, as it should be; the first is given up.
    house.pays(claims);
    await expect.poll(() => posted().length, wait).toBe(before + 2);
    await example.engine.operations.discard("remittances/postings", item?.message ?? 0, "sent again by the payer");
    await expect.poll(held, wait).toEqual([]);
    expect(posted()).toHaveLength(before + 2);
  });

  it("bad day: a remittance comes twice, as the same file and as another one about the same payment; it is posted once", async () => {
    const claims = await claimed(next());
    await accepted(claims);
    const before = posted().length;
    const text = house.pays(claims);
    await expect.poll(() => posted().length, wait).toBe(before + 1);
    house.puts("again.835", text);
    house.puts("once-more.835", text.replaceAll("\n", "\r\n"));
    await expect.poll(() => house.names("outbox"), wait).toEqual([]);
    await expect.poll(() => work().filter(({ list }) => list === "remittances-review"), wait).toMatchObject([{ code: "CAS-104" }]);
    expect(posted()).toHaveLength(before + 1);
    const [item] = work().filter(({ list }) => list === "remittances-review");
    await example.engine.operations.discard("remittances/postings", item?.message ?? 0, "a repeat");
  });

  it("bad day: a 999 that comes after the payment is told to the desk and moves nothing; the loop goes on where it was after a restart", async () => {
    const [claim = ""] = await claimed(next());
    await accepted([claim]);
    await example.restart();
    const before = posted().length;
    house.pays([claim]);
    await expect.poll(() => posted().length, wait).toBe(before + 1);
    await expect.poll(() => toldOf("999", claim).length, wait).toBe(1);
    house.puts(`late-${claim}.999`, answered999(90_001, fileWith(claim)?.[1] ?? "", [house.claims.get(claim) as Claimed], () => false));
    await expect.poll(() => toldOf("999", claim).length, wait).toBe(2);
    // Paid it is: what would pay it again is held.
    house.pays([claim]);
    await expect.poll(() => work().filter(({ list }) => list === "remittances-review"), wait).toMatchObject([{ code: "CAS-104" }]);
    expect(posted()).toHaveLength(before + 1);
    const [item] = work().filter(({ list }) => list === "remittances-review");
    await example.engine.operations.discard("remittances/postings", item?.message ?? 0, "a repeat");
  });

  it("bad day: a truncated file is refused with code and place, and nothing of it is posted", async () => {
    const claims = await claimed(next(), next());
    await accepted(claims);
    const before = posted().length;
    house.pays(claims, (text) => text.slice(0, text.lastIndexOf("CAS*")));
    await expect.poll(() => house.names("failed"), wait).toHaveLength(1);
    const log = example.log.join("\n");
    expect(log).toMatch(/FLW-110/);
    expect(log).toMatch(/X12-211.*2100/);
    expect(posted()).toHaveLength(before);
    house.pays(claims);
    await expect.poll(() => posted().length, wait).toBe(before + 2);
  });

  it("bad day: answers about claims that nobody has sent stand on their lists, and the claims that wait too long as well", async () => {
    const [claim = ""] = await claimed(next());
    await accepted([claim]);
    const other = { ...(house.claims.get(claim) as object), claim: "VC777777" };
    (house.claims as Map<string, unknown>).set("VC777777", other);
    const before = posted().length;
    house.pays([claim, "VC777777"]);
    await expect.poll(() => work().filter(({ list }) => list === "unmatched-remittances"), wait).toMatchObject([{ code: "CAS-102" }]);
    house.says("VC777777", "P1");
    await expect.poll(() => work().filter(({ list }) => list === "unmatched-claims"), wait).toMatchObject([{ code: "CAS-102", channel: "claim-statuses" }]);
    expect(posted()).toHaveLength(before);
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
    await expect.poll(overdue, { timeout: 25_000 }).toEqual(["overdue-claims CAS-109"]);
    house.says("VC100201", "P1");
    await expect.poll(overdue, { timeout: 25_000 }).toEqual([]);
  } finally {
    await example.close();
  }
});
