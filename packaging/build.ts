import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * `npm run build`: writes `dist/`, the published package as JavaScript and declarations, because Node strips no types under
 * `node_modules`. The folders keep their places, so every path that a source takes from its own holds in both.
 */
const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

/** What the sources read at run time beside other sources. Fixtures and secrets of a running example stay behind. */
const beside = ["schemas/**/*.json", "connectors/*/connector.yaml", "docs/errors/*.md", "docs/guide/*.md", "engine/sandbox/inside/*.d.ts", ...tracked("channels")];

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [compiler(), "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
for (const pattern of beside) {
  for (const path of globSync(pattern, { cwd: root })) {
    const target = join(dist, path);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, path), target);
  }
}
// `main` reads its version from the package two folders up, and the `.js` beside it are modules by this file.
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string; version: string };
writeFileSync(join(dist, "package.json"), `${JSON.stringify({ name, version, type: "module" }, null, 2)}\n`);
if (!existsSync(join(dist, "engine/cli/main.js"))) throw new Error("the compiler wrote no command line");

function compiler(): string {
  const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin: { tsc: string } };
  return join(dirname(manifest), bin.tsc);
}

/** Files of a folder that git knows: a project that has run holds secrets and a store beside them. */
function tracked(folder: string): string[] {
  return execFileSync("git", ["-C", root, "ls-files", folder], { encoding: "utf8" }).split("\n").filter(Boolean);
}
