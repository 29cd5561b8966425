import { type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { join, relative, sep } from "node:path";

export interface WatchOptions {
  /** Folder of the store: it changes with every message. */
  readonly data: string;
  /** Saves that come so close together are one: an editor writes, renames and touches. */
  readonly quietMs?: number;
  /** Told of the files that changed, relative to the project. */
  readonly onChange: (files: ReadonlySet<string>) => void;
}

/** However busy the folder is, what changed is told after this long. */
const longestMs = 500;

/** Watches the files of a project, in folders that are there and those that come; hidden files, packages and the store are not looked at. */
export function watchProject(root: string, { data, quietMs = 40, onChange }: WatchOptions): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let since = 0;

  const tell = () => {
    timer = undefined;
    const files = new Set(changed);
    changed.clear();
    onChange(files);
  };
  const note = (path: string) => {
    if (timer === undefined) since = performance.now();
    else clearTimeout(timer);
    changed.add(relative(root, path).split(sep).join("/"));
    timer = setTimeout(tell, Math.max(0, Math.min(quietMs, since + longestMs - performance.now())));
  };
  const enter = (folder: string) => {
    if (watchers.has(folder)) return;
    try {
      const watcher = watch(folder, (_, name) => {
        const path = join(folder, name ?? "");
        if (name === null || isIgnored(name, path, data)) return;
        if (isFolder(path)) enter(path);
        note(path);
      });
      // A folder that was removed takes its watcher with it.
      watcher.on("error", () => leave(folder));
      watchers.set(folder, watcher);
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !isIgnored(entry.name, path, data)) enter(path);
      }
    } catch {
      leave(folder);
    }
  };
  const leave = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };

  enter(root);
  return {
    close() {
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) leave(folder);
    },
  };
}

function isIgnored(name: string, path: string, data: string): boolean {
  return name.startsWith(".") || name.endsWith("~") || name === "node_modules" || path === data;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
