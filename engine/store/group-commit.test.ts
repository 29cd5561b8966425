import { describe, expect, test } from "vitest";
import type { Code } from "../sdk/index.ts";
import { GroupCommit } from "./group-commit.ts";
import type { Op, Writer, Written } from "./op.ts";
import { writerChoice } from "./writer-choice.ts";

const probe: Op = { kind: "probe" };
const done = (ops: readonly Op[]): Written => ({ results: ops.map(() => ({ kind: "done" })), commitMs: 0.1 });

/** A writer that answers when told, and keeps what it was given. */
function slowWriter() {
  const lists: number[] = [];
  const answers: ((written?: Partial<Written>) => void)[] = [];
  const writer: Writer = {
    kind: "thread",
    write(ops) {
      lists.push(ops.length);
      return new Promise((resolve) => answers.push((written) => resolve({ ...done(ops), ...written })));
    },
    close: async () => {},
  };
  return { writer, lists, answer: (written?: Partial<Written>) => answers.shift()?.(written) };
}

function commitWith(writer: Writer) {
  const faults: Code[] = [];
  const commit = new GroupCommit({ now: () => 0, defer: (run) => void setImmediate(run), onFault: (code) => faults.push(code), choose: () => writer });
  return { commit, faults };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("group commit", () => {
  test("what arrives while a commit runs goes together into the next, and nothing waits for a timer", async () => {
    const { writer, lists, answer } = slowWriter();
    const { commit } = commitWith(writer);
    let resolved = 0;
    const ask = (count: number) => Array.from({ length: count }, () => commit.submit(probe).then(() => resolved++));
    ask(2);
    await turn();
    ask(5);
    await turn();
    expect([lists, resolved]).toEqual([[2], 0]);
    answer();
    await turn();
    await turn();
    expect([lists, resolved]).toEqual([[2, 5], 2]);
    answer();
    await turn();
    expect(resolved).toBe(7);
  });

  test("a flood is cut into bounded transactions", async () => {
    const { writer, lists, answer } = slowWriter();
    const { commit } = commitWith(writer);
    const all = Promise.all(Array.from({ length: 1100 }, () => commit.submit(probe)));
    for (let i = 0; i < 3; i++) {
      await turn();
      answer();
      await turn();
    }
    await all;
    expect(lists).toEqual([512, 512, 76]);
  });

  test("after a failed flush everything waiting and everything later is refused", async () => {
    const { writer, answer } = slowWriter();
    const { commit, faults } = commitWith(writer);
    const first = commit.submit(probe);
    await turn();
    const second = commit.submit(probe);
    answer({ results: [{ kind: "refused", code: "STO-203" }], failed: "STO-203" });
    await expect(first).rejects.toMatchObject({ code: "STO-203" });
    await expect(second).rejects.toMatchObject({ code: "STO-203" });
    await expect(commit.submit(probe)).rejects.toMatchObject({ code: "STO-203" });
    expect(faults).toContain("STO-203");
  });

  test("a full disk refuses what was asked and goes on once there is room", async () => {
    const { writer, answer } = slowWriter();
    const { commit, faults } = commitWith(writer);
    const first = commit.submit(probe);
    await turn();
    answer({ results: [{ kind: "refused", code: "STO-201" }] });
    await expect(first).rejects.toMatchObject({ code: "STO-201" });
    const second = commit.submit(probe);
    await turn();
    answer();
    await expect(second).resolves.toEqual({ kind: "done" });
    expect(faults).toEqual(["STO-201"]);
  });
});

test("the writer changes when commits are slow on average, and back; one slow commit changes nothing", async () => {
  const made: string[] = [];
  let closed = 0;
  const writer = (kind: Writer["kind"]) => (): Writer => {
    made.push(kind);
    return { kind, write: done, close: async () => void closed++ };
  };
  const choose = writerChoice({ inline: writer("inline"), thread: writer("thread") });
  let current = await choose(undefined, 0);
  const commits = async (count: number, ms: number) => {
    for (let i = 0; i < count; i++) current = await choose(current, ms);
  };
  await commits(50, 0.2);
  await commits(1, 15);
  await commits(50, 0.2);
  expect(made).toEqual(["inline"]);
  await commits(60, 5);
  expect([made, closed]).toEqual([["inline", "thread"], 1]);
  await commits(100, 0.1);
  expect([made, closed]).toEqual([["inline", "thread", "inline"], 2]);
});
