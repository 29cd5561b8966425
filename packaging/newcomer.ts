import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { follow } from "../test/guide/follow.ts";

/**
 * `npm run -s try:newcomer [-- --transcript FILE]`: what somebody does who has never seen Sluice. Builds and packs the package, installs the
 * tarball in an empty folder, and there follows the guide's first page word for word, with nothing of this clone in reach but the Node that
 * runs. Prints what was typed and what came, and ends with 1 where the page and the program differ.
 */
const root = join(import.meta.dirname, "..");
const page = "docs/guide/first-channel.md";
const path = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"].join(delimiter);

const folder = mkdtempSync(join(tmpdir(), "sluice-newcomer-"));
const transcript: string[] = [];
try {
  const npm = (cwd: string, ...args: readonly string[]) => execFileSync("npm", args, { cwd, encoding: "utf8", env: { ...process.env, PATH: path } });
  npm(root, "run", "build");
  const tarball = npm(root, "pack", "--pack-destination", folder).trim().split("\n").at(-1) ?? "";
  npm(folder, "install", "--no-audit", "--no-fund", join(folder, tarball));
  const astray = await follow(readFileSync(join(root, page), "utf8"), folder, { PATH: path }, (block, output) => {
    transcript.push(block.text.trimEnd().replace(/^/gm, "$ "), output.trimEnd(), "");
  });
  process.stdout.write(`${transcript.join("\n")}\n`);
  if (astray) {
    process.stderr.write(`${page}:${astray.line} ${astray.what}\n${astray.output}\n`);
    process.exitCode = 1;
  }
  const wanted = process.argv[process.argv.indexOf("--transcript") + 1];
  if (process.argv.includes("--transcript") && wanted) writeFileSync(wanted, transcript.join("\n"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
