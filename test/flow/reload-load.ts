import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare, type Verdict } from "../ledger/compare.ts";
import { freePorts, writeProject } from "../ledger/engine-project.ts";
import { type ArrivalLine, LedgerFile, readLedger, type SenderLine } from "../ledger/ledger.ts";
import { LedgerReceiver } from "../ledger/receiver.ts";
import { LedgerSender } from "../ledger/sender.ts";

/** Nothing came for so long, so nothing will. */
const quietMs = 8_000;

/** A project of two channels on disk: `edited` is a test's to change, `steady` is under load from ledger senders meanwhile. */
export interface ReloadLoad {
  readonly root: string;
  /** Where `edited` listens. */
  readonly port: number;
  readonly receiver: LedgerReceiver;
  /** Begins the load, once the engine listens. */
  start(): LedgerSender;
  /** Writes `edited.yaml` with the change made to its first text. */
  edit(change: (yaml: string) => string): void;
  /** Ends the load; what the ledgers of both ends say, and how many connections of the senders were lost on the way. */
  end(): Promise<Verdict & { readonly dropped: number }>;
  remove(): Promise<void>;
}

export async function reloadLoad(connections: number, parent = tmpdir()): Promise<ReloadLoad> {
  const folder = mkdtempSync(join(parent, "reload-"));
  const root = join(folder, "project");
  const arrivals = new LedgerFile(join(folder, "receiver.ledger"));
  const sendings = new LedgerFile(join(folder, "sender.ledger"));
  const { receiver, ports } = await LedgerReceiver.start(arrivals, ["steady/ward", "edited/ward"]);
  const [steady = 0, edited = 0] = await freePorts(2);
  const plan = (name: string, port: number) => ({ name, port, lanes: new Map([["ward", ports.get(`${name}/ward`) ?? 0]]) });
  writeProject(root, ["ADT^A01"], [plan("steady", steady), plan("edited", edited)]);
  const file = join(root, "edited.yaml");
  const first = readFileSync(file, "utf8");
  let sender: LedgerSender | undefined;
  return {
    root,
    port: edited,
    receiver,
    edit: (change) => writeFileSync(file, change(first)),
    start() {
      sender = new LedgerSender({ ledger: sendings, run: "R", connections: Array.from({ length: connections }, (_, i) => ({ name: `s${i}`, port: steady })) });
      return sender;
    },
    async end() {
      await sender?.finish();
      const judged = () => {
        // What others sent to the edited channel is not of this ledger.
        const arrived = (readLedger(arrivals.path) as ArrivalLine[]).filter(({ lane }) => lane === "steady/ward");
        return compare(readLedger(sendings.path) as SenderLine[], arrived, () => ["steady/ward"]);
      };
      // What is acked may still wait in its lane; what has not come when nothing comes any more is lost.
      let verdict = judged();
      for (let quiet = 0, seen = receiver.arrivals; verdict.lost > 0 && quiet < quietMs; seen = receiver.arrivals) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        quiet = receiver.arrivals === seen ? quiet + 250 : 0;
        verdict = judged();
      }
      return { ...verdict, dropped: (sender?.opened ?? connections) - connections };
    },
    async remove() {
      await sender?.abandon();
      await receiver.close();
      sendings.close();
      arrivals.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
