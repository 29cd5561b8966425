import { codeOf, type Destination, durationMs, fileName, type Outcome, type SendStream } from "../../engine/sdk/index.ts";
import { Connection, isAnswer } from "./connection.ts";
import type { DestinationOptions } from "./options.ts";
import type { Remote } from "./remote.ts";
import { folderPath, isPlainName } from "./remote-path.ts";

/** Writes each message as one new file: under another name first, so that whoever sees its own name sees all of it. */
export function sftpDestination(options: DestinationOptions): Destination {
  const connection = new Connection(durationMs(options.timeout));
  const mode = Number.parseInt(options.mode, 8);
  return {
    render: (message) => ({
      endpoint: options.endpoint ?? "",
      ...(options.directory === undefined ? {} : { path: `/${options.directory}` }),
      names: { fileName: fileName(options.name, message) },
      body: message.content.bytes,
    }),

    async send(released, ctx) {
      const { path, names } = released.envelope;
      let isNaming = false;
      try {
        return await connection.use(ctx, (kept) => ctx.stream(released, kept), (remote, opened) =>
          put(remote, opened, { folder: folderPath(opened, path), name: names?.fileName ?? "", onNaming: () => (isNaming = true) }));
      } catch (error) {
        const code = codeOf(error, "SFT-107");
        if (code === "SFT-109") return { kind: "rejected", code };
        return isNaming && !isAnswer(error) ? { kind: "unknown", code } : { kind: "retry", code };
      }
    },

    async close() {
      await connection.close();
    },
  };

  async function put(remote: Remote, { body }: SendStream, { folder, name, onNaming }: { folder: string; name: string; onNaming: () => void }): Promise<Outcome> {
    if (!isPlainName(name)) return { kind: "rejected", code: "SFT-109" };
    const bytes = body();
    const target = `${folder}/${name}`;
    const there = await presentAt(remote, target, bytes);
    if (there) return there;
    const unfinished = `${folder}/${options.temporary.replace("{name}", () => name)}`;
    await remote.write(unfinished, bytes, mode);
    onNaming();
    try {
      await remote.rename(unfinished, target);
    } catch (error) {
      // Somebody may have taken the name since; most servers refuse to rename over a file.
      const since = isAnswer(error) ? await presentAt(remote, target, bytes) : undefined;
      if (!since) throw error;
      await remote.remove(unfinished);
      return since;
    }
    return { kind: "delivered" };
  }
}

/** A name that is taken stays taken: by these bytes it is a repeat that has arrived, by others nothing is overwritten. */
async function presentAt(remote: Remote, target: string, bytes: Uint8Array): Promise<Outcome | undefined> {
  const stats = await remote.look(target);
  if (!stats) return undefined;
  const isSame = stats.isFile() && stats.size === bytes.length && (await remote.holds(target, bytes));
  return isSame ? { kind: "delivered" } : { kind: "rejected", code: "SFT-201" };
}
