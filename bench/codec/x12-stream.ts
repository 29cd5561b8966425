/**
 * x12-stream - an 837P of 100 MB in one transaction set, written to disk, read from it in chunks of 64 KB and cut into claims. The bar is the
 * most memory that this process ever held; every claim is counted, and each is read.
 */
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { splitter } from "../../engine/codec/split/index.ts";
import { parseX12 } from "../../engine/codec/x12/index.ts";
import { rounded } from "../statistics.ts";
import { claimFile } from "./x12-claims/claims.ts";

const claims = 250_000;
const barMb = 200;
const folder = mkdtempSync(join(tmpdir(), "sluice-x12-"));
try {
  const file = join(folder, "claims.x12");
  await pipeline(Readable.from(claimFile(claims)), createWriteStream(file));
  const started = process.cpuUsage();
  const cutter = splitter("claim");
  let [count, wrong] = [0, 0];
  const take = (cuts: readonly { readonly bytes: Uint8Array }[]) => {
    for (const { bytes } of cuts) {
      count++;
      if (parseX12(Buffer.from(bytes).toString("latin1")).get("CLM01") !== `C${count}`) wrong++;
    }
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 64 * 1024 })) take(cutter.push(chunk as Buffer));
  take(cutter.finish());
  const { user, system } = process.cpuUsage(started);
  const mb = statSync(file).size / 1e6;
  const peak = process.resourceUsage().maxRSS / 1024;
  const line = {
    bench: "x12-837-stream", file_mb: rounded(mb, 1), claims: count, peak_rss_mb: rounded(peak, 1), bar_mb: barMb, ok: peak <= barMb && count === claims && wrong === 0 && cutter.problems().length === 0,
    wrong, mb_per_cpu_s: rounded((mb * 1e6) / (user + system), 1),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  if (!line.ok) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
