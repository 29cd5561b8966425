import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sendMllp } from "../flow/engine-on-disk.ts";
import type { Arrivals } from "../simulators/arrivals.ts";
import { type BigStore, controlIdOf } from "./big-store.ts";

/** Where the tasks are done: the command line in front of a running engine on the big record, and its partners. */
export interface Desk {
  readonly store: BigStore;
  readonly ehr: Arrivals;
  /** Control ids that the ward has taken. */
  readonly ward: readonly string[];
  /** Runs a command to its end. */
  cli(...argv: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** Something that is part of the set-up and not of the answer. */
  eventually(check: () => boolean | Promise<boolean>): Promise<void>;
}

export interface Task {
  readonly name: string;
  /** Throws when an answer lacks what the operator needs. */
  run(desk: Desk): Promise<void>;
}

function says(what: { readonly out: string; readonly err: string }, ...wanted: (string | RegExp)[]): void {
  for (const each of wanted) {
    const found = typeof each === "string" ? what.out.includes(each) : each.test(what.out);
    if (!found) throw new Error(`the answer lacks ${String(each)}:\n${what.out.slice(0, 3000)}\n${what.err.slice(0, 500)}`);
  }
}

function is(actual: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(wanted)) throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`);
}

const two = (n: number) => String(n).padStart(2, "0");
const minuteOf = (at: number) => {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
};
const iso = (at: number) => new Date(at).toISOString();
const lines = (text: string) => text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>);

/** The ten tasks of an operator's day. Each leaves the engine so that it can be done again. */
export const tasks: readonly Task[] = [
  {
    name: "which lanes are behind and why",
    run: async ({ cli }) => {
      says(
        await cli("lane", "list", "--stopped"),
        /▲ results\/ward +ward +\d+ .*retry after \d+ attempts?: FLW-313, next at \d\d:\d\d:\d\d/,
        /▲ admissions\/registry +registry +5 .*retry after \d+ attempts?: NET-205, next at/,
        /▲ admissions\/ehr .*paused by a person since .*: the EHR is migrated/,
      );
    },
  },
  {
    name: "where is control id X",
    run: async ({ cli, store }) => {
      const n = Math.floor(store.count / 3) * 2 - 200;
      says(await cli("message", "show", "--control-id", controlIdOf(n, store.count)), `m${n + 1} on results`, /results\/ehr: (delivered|dead)/, /results\/ward: delivered/);
    },
  },
  {
    name: "what did partner Y receive at 02:13",
    run: async ({ cli, store }) => {
      const at = new Date();
      at.setHours(2, 13, 0, 0);
      if (at.getTime() > Date.now()) at.setDate(at.getDate() - 1);
      const wanted = store.ehrDeliveries.filter((each) => minuteOf(each.at) === minuteOf(at.getTime())).map(({ id }) => id);
      const answer = lines((await cli("message", "list", "--partner", "ehr", "--state", "delivered", "--settled-at", "02:13", "--limit", "1000", "--json")).out);
      is(answer.map(({ id }) => id).sort(), [...wanted].sort(), "deliveries at 02:13");
      says(await cli("message", "list", "--partner", "ehr", "--state", "delivered", "--settled-at", "02:13"), /RECEIVED/, /ehr delivered/);
    },
  },
  {
    name: "retry yesterday's failures to one destination at 5 a second and stop half way",
    run: async ({ cli, store, eventually }) => {
      const query = ["--lane", "results/ehr", "--settled-at", "yesterday"];
      const preview = await cli("dead", "retry", ...query, "--preview");
      const from = new Date();
      from.setHours(0, 0, 0, 0);
      from.setDate(from.getDate() - 1);
      const to = new Date(from);
      to.setDate(to.getDate() + 1);
      const all = store.ehrFailures.filter(({ at }) => at >= from.getTime() && at < to.getTime()).length;
      says(preview, /retry: \d+ entries/, /at dead LAN-101/);
      const total = Number(/retry: (\d+) /.exec(preview.out)?.[1]);
      if (total > all || total < all / 2) throw new Error(`${total} failures of yesterday instead of ${all}`);
      const began = performance.now();
      const started = lines((await cli("dead", "retry", ...query, "--rate", "5/s", "--yes", "--detach", "--json")).out)[0] ?? {};
      const id = String(started["id"]);
      const done = async () => Number(lines((await cli("dead", "jobs", "--json")).out).find((job) => job["id"] === started["id"])?.["done"]);
      await eventually(async () => (await done()) >= 6);
      const rate = (await done()) / ((performance.now() - began) / 1000);
      if (rate > 8) throw new Error(`${rate} a second instead of 5`);
      says(await cli("dead", "jobs", "stop", id), new RegExp(`job ${id} stopped: \\d+ of ${total}`));
      says(await cli("dead", "retry", ...query, "--preview"), new RegExp(`retry: ${total - (await done())} entries`));
    },
  },
  {
    name: "what would this edit change for the last 100 messages",
    run: async ({ cli, store }) => {
      const path = join(store.root, "results.yaml");
      const before = readFileSync(path, "utf8");
      writeFileSync(path, before.replace('msg.set("MSH-3", "SLUICE");', 'msg.set("MSH-3", "SLUICE"); msg.set("PID-7", "");'));
      try {
        says(await cli("replay", "--dry-run", "--revision", "working", "--channel", "results", "--last", "100"), "results: the last 100 messages", /ward: \d+ differ/, /PID-7 +0 +0 +\d+/);
      } finally {
        writeFileSync(path, before);
      }
    },
  },
  {
    name: "why did this message not arrive",
    run: async ({ cli, store }) => {
      const id = store.ehrFailures[0]?.id;
      says(await cli("message", "show", `m${id}`), "results/ehr: dead, 8 attempts: LAN-101 all attempts are used up; the last attempt: NET-205", "docs/errors/LAN-101.md");
      says(await cli("message", "show", `m${store.rejected}`), /results\/ward: rejected, 1 attempt: MLP-203 /);
    },
  },
  {
    name: "hold everything to partner Z until told otherwise, then release",
    run: async ({ cli, store, ehr, eventually }) => {
      says(await cli("lane", "hold", "ehr"), "everything to ehr is held", "results/ehr");
      const id = `HOLD${Date.now()}`;
      await sendMllp(store.ports.lab, newOru(id));
      says(await cli("message", "show", "--control-id", id), /results\/ehr: still in flight; its lane: partner held/);
      says(await cli("lane", "list", "--stopped"), /results\/ehr .*everything to ehr is held since/);
      if (ehr.all().some(({ body }) => body.includes(id))) throw new Error("it was not held");
      says(await cli("lane", "release", "ehr"), "everything to ehr is released");
      await eventually(() => ehr.all().some(({ body }) => body.includes(id)));
    },
  },
  {
    name: "cancel one stuck message with a reason and let the rest go on",
    run: async ({ cli, ward, eventually }) => {
      const shown = await cli("lane", "show", "results/ward");
      const id = /first in line (m\d+), .* FLW-313/.exec(shown.out)?.[1];
      if (id === undefined) throw new Error(`nothing stuck is named:\n${shown.out}`);
      const taken = ward.length;
      says(await cli("lane", "cancel", "results/ward", id, "--reason", "the ward was told by phone"), `${id} cancelled`);
      await eventually(() => ward.length > taken);
      says(await cli("message", "show", id), /results\/ward: cancelled/);
    },
  },
  {
    name: "replay one hour of a channel to one destination",
    run: async ({ cli, store, eventually }) => {
      const from = (store.received[Math.floor(store.count / 2)]?.at ?? 0) - 1_800_000;
      const query = ["--channel", "results", "--since", iso(from), "--until", iso(from + 3_600_000), "--to", "results/ehr"];
      const wanted = store.received.filter(({ at, channel }) => channel === "results" && at >= from && at < from + 3_600_000).length;
      says(await cli("replay", ...query, "--preview"), `replay: ${wanted} entries of ${wanted} messages to results/ehr`);
      const job = lines((await cli("replay", ...query, "--reason", "the EHR was restored from a backup", "--yes", "--detach", "--json")).out)[0] ?? {};
      await eventually(async () => lines((await cli("replay", "jobs", "--json")).out).some((each) => each["id"] === job["id"] && each["state"] === "done"));
      says(await cli("replay", "jobs"), new RegExp(`replay to results/ehr +done +\\d+/${wanted}`));
    },
  },
  {
    name: "show me the retries going on now and the next time each",
    run: async ({ cli }) => {
      const answer = await cli("lane", "list", "--state", "retrying");
      says(answer, /results\/ward .*FLW-313, next at \d\d:\d\d:\d\d/, /admissions\/registry .*NET-205, next at \d\d:\d\d:\d\d/);
      if (answer.out.includes("admissions/ehr")) throw new Error("a lane that does not retry is in the list");
    },
  },
];

const newOru = (id: string) => `MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301120000||ORU^R01|${id}|P|2.5.1\rPID|1||900123^^^NORTH^MR||EXEMPLAR^ADA\r`;
