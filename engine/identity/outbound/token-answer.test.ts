import { describe, expect, test } from "vitest";
import { EngineError } from "../../sdk/index.ts";
import { readTokenAnswer } from "./token-answer.ts";

const answer = (status: number, body: unknown) => ({ status, headers: {}, body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)) });
const good = { access_token: "abc.def", token_type: "bearer", expires_in: 60 };

function refusal(status: number, body: unknown): unknown {
  try {
    return readTokenAnswer(answer(status, body));
  } catch (error) {
    return error instanceof EngineError ? { code: error.code, ...error.safe } : error;
  }
}

describe("what a token endpoint answers", () => {
  test("a token, with the life that is stated, five minutes where none is, and a day at most", () => {
    expect(readTokenAnswer(answer(200, good))).toEqual({ authorization: "Bearer abc.def", lifeMs: 60_000 });
    expect(readTokenAnswer(answer(200, { ...good, expires_in: undefined })).lifeMs).toBe(300_000);
    expect(readTokenAnswer(answer(200, { ...good, expires_in: 1e12 })).lifeMs).toBe(86_400_000);
  });

  test.each([
    ["no JSON", 200, "Jane Rivera", { code: "IDN-103", because: "token" }],
    ["no token", 200, { ...good, access_token: undefined }, { code: "IDN-103", because: "token" }],
    ["a token that would end the header", 200, { ...good, access_token: "a\r\nx: y" }, { code: "IDN-103", because: "token" }],
    ["another type", 200, { ...good, token_type: "mac" }, { code: "IDN-103", because: "type" }],
    ["no life", 200, { ...good, expires_in: 0 }, { code: "IDN-103", because: "life" }],
    ["a client that is unknown", 401, { error: "invalid_client", error_description: "Jane Rivera" }, { code: "IDN-102", error: "invalid_client" }],
    ["an error of its own words", 400, { error: "Jane Rivera" }, { code: "IDN-103" }],
    ["not now", 503, "Jane Rivera", { code: "IDN-101", status: 503 }],
    ["too many", 429, "", { code: "IDN-101", status: 429 }],
  ])("%s", (_, status, body, expected) => {
    const found = refusal(status, body);
    expect(found).toMatchObject({ ...expected, sent: false });
    expect(JSON.stringify(found)).not.toContain("Rivera");
  });
});
