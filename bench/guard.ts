/**
 * bench:guard - what the guard costs: alone on bodies of 20 KB with 120 identifiers, and in a channel from HL7 v2 to JSON.
 *
 *   npm run -s bench:guard -- [--short] [--pairs 9]
 *
 * See bench/README.md for how to read the line. Ends with 1 when the guard alone or the loss is over its bar.
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { guardAlone } from "./guard-alone.ts";
import { channelLoss } from "./guard-channel.ts";
import { rounded } from "./statistics.ts";

const { values: flags } = parseArgs({ options: { json: { type: "boolean" }, short: { type: "boolean", default: false }, pairs: { type: "string" } } });

const alone = guardAlone(flags.short ? 1000 : 5000);
const pairs = Number(flags.pairs ?? (flags.short ? 3 : 9));
const inChannel = await channelLoss(pairs, flags.short ? 1 : 3);
const line = { bench: "guard", ...alone, ...inChannel, bar_p99_ms: 2, bar_loss: 0.15, load: rounded(loadavg()[0] ?? 0, 1) };
process.stdout.write(`${JSON.stringify(line)}\n`);
process.exitCode = line.p99_ms_20kb <= line.bar_p99_ms && line.loss <= line.bar_loss ? 0 : 1;
