import { readTree } from "../../engine/codec/index.ts";
import { attempt, Dealer, type LeakCase } from "./cases.ts";
import type { Corpora } from "./corpora.ts";
import { Distinct } from "./distinct.ts";
import { Door, wireOf } from "./doors.ts";
import { Draws } from "./draws.ts";
import { formats, messageOf } from "./messages.ts";
import { Sink } from "./oracle/sink.ts";
import { household } from "./persons.ts";
import { plantedOf } from "./planted.ts";

export interface LeakRun {
  readonly cases: number;
  readonly distinct: number;
  /** Planted values that a sink could read, each as `kind × encoding × exit`. */
  readonly found: readonly string[];
  /** Cases of ciphers and private writings, and how many of them went out. */
  readonly beyond: number;
  readonly beyondArrived: number;
  /** Cases that went to a sink around the guard, and how many of them the sink could not read. */
  readonly control: number;
  readonly unseen: readonly string[];
}

/** A case in this many goes to the control sink as well, as it was made. */
const controlled = 60;
/** Cases of one message. */
const perMessage = 130;
/** What a refused-by-nobody case is, when the sink has no reading of it: it counts as a leak all the same. */
const unread = " (the sink could not read it)";

export function runLeaks(options: { readonly from: Corpora; readonly seed: number; readonly cases: number; readonly sabotage: string | undefined; readonly beyond: boolean }): LeakRun {
  const { from, seed, sabotage } = options;
  const draws = new Draws(seed);
  const door = new Door(sabotage);
  const dealer = new Dealer(draws, options.beyond, draws.below(1_000_000));
  const blind = sabotage === "oracle-blind";
  const [partner, control] = [new Sink(blind), new Sink(blind)];
  const distinct = new Distinct();
  const found: string[] = [];
  const unseen: string[] = [];
  const empty = readTree("hl7v2", "MSH|^~\\&|A|B|C|D|20260301||ADT^A08|1|P|2.5.1\r");
  let [cases, beyond, beyondArrived] = [0, 0, 0];
  for (let message = 0; cases < options.cases; message++) {
    const format = formats[message % formats.length] ?? "hl7v2";
    const home = household(draws, from);
    const text = messageOf(format, home, draws, from);
    const planted = plantedOf(home);
    const raw = readTree(format, text);
    const harvest = sabotage === "no-harvest" ? door.boundary.harvest(empty, "hl7v2") : door.boundary.harvest(raw, format);
    for (let i = 0; i < perMessage && cases < options.cases; i++) {
      const each = dealer.deal(draws.one(planted));
      if (!each) continue;
      if (!distinct.add(keyOf(message, each))) continue;
      const id = cases++;
      if (each.beyond) beyond++;
      const what = `${format} ${each.planted.role} ${each.planted.kind} (${each.form}) × ${each.encoding} × ${each.exit} × ${each.to.name}`;
      if (id % controlled === 0 && each.result === undefined && !each.beyond && !control.take(id, wireOf(each.envelope), [each.planted]).found) unseen.push(what);
      const left = attempt(each, door, raw, harvest, sabotage === "guard-off");
      if (left === undefined) continue;
      // The one that was meant first: reading all of a message takes its time.
      const record = partner.take(id, left, [each.planted, ...planted.filter((other) => other !== each.planted)], each.to.cleared);
      // What a closed list takes out of a hostile result is its own writing: only what is read in it counts.
      if (each.result !== undefined && !record.found) continue;
      if (each.beyond) beyondArrived++;
      else found.push(record.found ? what : what + unread);
    }
  }
  return { cases, distinct: distinct.size, found, beyond, beyondArrived, control: control.records.length, unseen };
}

function keyOf(message: number, { envelope, result, to }: LeakCase): string {
  const { path, query, headers, names, credential, body } = envelope;
  return `${message}\n${to.name}\n${result ?? ""}\n${path}\n${JSON.stringify([query, headers, names, credential?.kind === "basic" ? credential.user : ""])}\n${Buffer.from(body).toString("latin1")}`;
}
