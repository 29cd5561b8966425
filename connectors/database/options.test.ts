import { describe, expect, test } from "vitest";
import { EngineError } from "../../engine/sdk/index.ts";
import { completeOptions } from "../../engine/sdk/testing/index.ts";
import { destinationOptions, sourceOptions, verifyDestination, verifySource } from "./options.ts";
import { bounded, shapeOf } from "./statement.ts";
import { rowsOf } from "./values.ts";

test.each([
  ["select * from t where a = $2 and b = $1 and c = '$9' -- $8", "postgres", 2, 1],
  ["select '?', \"?\", `?` from t where a = ? /* ? */ and b = ?", "mariadb", 2, 1],
  ["do $body$ select $5; $body$; select $1", "postgres", 1, 2],
  ["select ';' from t;", "sqlite", 0, 1],
  ["select 1; drop table t", "sqlite", 0, 2],
] as const)("%s", (sql, dialect, parameters, statements) => expect(shapeOf(sql, dialect)).toEqual({ parameters, statements }));

test("a query is bounded and in order whatever is written in it", () => {
  expect(bounded("select id from t where id > ?;", "id", 7, "mariadb")).toBe("select * from (select id from t where id > ?) as sluice_rows order by sluice_rows.`id` limit 7");
});

describe("lint", () => {
  const destination = { dialect: "postgres", statement: "insert into t (m, a) values ($1, $2) on conflict do nothing", parameters: ["$id", "a"] };
  test.each([
    [{}, []],
    [{ parameters: ["$id"] }, [["parameters"]]],
    [{ parameters: ["b", "a"] }, [["parameters"]]],
    [{ parameters: ["b", "a"], repeats: "harmless" }, []],
    [{ statement: "delete from t; insert into t values ($1, $2)" }, [["statement"]]],
    [{ dialect: "mariadb", statement: "insert ignore into t (m, a) values (?, ?)" }, [["statement"]]],
  ])("destination %j", (given, paths) => {
    expect(verifyDestination(completeOptions(destinationOptions, { ...destination, ...given })).map(({ path }) => path)).toEqual(paths);
  });

  test.each([
    ["select id from t where id > $1", 0],
    ["select id from t", 1],
    ["select id from t where id > $1 and a = $2", 1],
    ["delete from t where id > $1 returning id", 1],
    ["select id from t where id > $1; select 1", 1],
  ])("source %s", (query, problems) => expect(verifySource(completeOptions(sourceOptions, { dialect: "postgres", query, checkpoint: "id" }))).toHaveLength(problems));

  test.each(["$other", "a b", "a;b", "1a", ""])("%j is no parameter", (parameter) => {
    expect(() => completeOptions(destinationOptions, { ...destination, parameters: ["$id", parameter] })).toThrow();
  });
});

describe("values", () => {
  const body = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  test("fields by path, lists as rows, objects as JSON text", () => {
    const rows = rowsOf({ id: "m", body: body([{ a: { b: 1 }, c: [1] }, { a: { b: null }, c: true }]) }, ["$id", "$index", "a.b", "c", "none?"]);
    expect(rows).toEqual([["m", 0, 1, "[1]", null], ["m", 1, null, true, null]]);
  });

  test.each([
    ["text", "DBS-204"],
    [[1], "DBS-204"],
    [{ b: 1 }, "DBS-201"],
    [{ a: { toString: 1 } }, "DBS-201"],
  ])("%j has no a.b: %s", (value, code) => {
    const failed = (() => {
      try {
        return rowsOf({ id: "m", body: body(value) }, ["a.b"]);
      } catch (error) {
        return error;
      }
    })();
    expect(failed).toBeInstanceOf(EngineError);
    expect(failed).toMatchObject({ code });
  });
});
