import { createHash, timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import ssh2, { type Attributes, type Connection, type SFTPWrapper } from "ssh2";

const { Server, utils } = ssh2;
const { OPEN_MODE, STATUS_CODE } = utils.sftp;

export interface RemoteFile {
  readonly bytes: Buffer;
  /** Seconds, as the protocol has them. */
  readonly mtime: number;
}

/** What the server does with a rename. `refuse`: it says no; `silent`: nothing; `close`: it goes away before it answers. */
export type RenameMove = "do" | "refuse" | "silent" | "close";

export interface SftpServerOptions {
  readonly user: string;
  readonly password?: string;
  /** Every password that is not empty may log in: whoever simulates does not know what the project made up. */
  readonly isAnyPassword?: boolean;
  /** OpenSSH public key that may log in. */
  readonly publicKey?: string;
  readonly hostKey?: { readonly private: string; readonly public: string };
}

/** An SSH server of the ssh2 package with files in memory: a partner's, as tests and simulators need it. */
export class SftpServer {
  readonly files = new Map<string, RemoteFile>();
  readonly folders = new Set<string>();
  /** Every rename that was done, oldest first. */
  readonly renames: { readonly from: string; readonly to: string }[] = [];
  /** Logins that were tried, by method. */
  readonly logins: string[] = [];
  /** When it last heard something, ms since epoch. */
  heardAt = 0;
  /** Asked before a rename is done. */
  onRename: (from: string, to: string, bytes: Buffer) => RenameMove = () => "do";
  /** Told when a file was opened for reading. */
  onRead: (path: string, bytes: Buffer) => void = () => {};
  /** Told when a file stands under its own name: written and closed, or renamed. */
  onFile: (path: string, bytes: Buffer) => void = () => {};
  readonly fingerprint: string;
  readonly #server: InstanceType<typeof Server>;
  readonly #options: SftpServerOptions;
  readonly #open = new Set<Connection>();
  #clock = Math.floor(Date.now() / 1000);

  constructor(options: SftpServerOptions) {
    this.#options = options;
    const hostKey = options.hostKey ?? aHostKey();
    const parsed = utils.parseKey(hostKey.public);
    if (parsed instanceof Error) throw parsed;
    this.fingerprint = `SHA256:${createHash("sha256").update(parsed.getPublicSSH()).digest("base64").replace(/=+$/, "")}`;
    this.#server = new Server({ hostKeys: [hostKey.private] }, (connection) => this.#serve(connection));
  }

  /** Serves a stream that is no socket of its own. */
  accept(stream: Duplex): void {
    stream.on("data", () => (this.heardAt = Date.now()));
    stream.pause();
    this.#server.injectSocket(stream as never);
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => resolve());
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.hangUp();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Ends every connection without goodbye. */
  hangUp(): void {
    for (const connection of this.#open) connection.end();
    this.#open.clear();
  }

  /** A partner puts a file; each is a second younger than the one before. */
  put(path: string, bytes: Uint8Array | string): void {
    this.files.set(path, { bytes: Buffer.from(bytes as Uint8Array), mtime: ++this.#clock });
  }

  /** Names in a folder. */
  names(folder: string): string[] {
    return [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes("/")).map((path) => path.slice(folder.length + 1)).toSorted();
  }

  #serve(connection: Connection): void {
    const { user, password, isAnyPassword, publicKey } = this.#options;
    this.#open.add(connection);
    connection.on("close", () => this.#open.delete(connection));
    connection.on("error", () => {});
    connection.on("authentication", (asked) => {
      if (asked.method !== "none") this.logins.push(asked.method);
      const isPassword = asked.method === "password" && (password === undefined ? isAnyPassword === true && asked.password !== "" : isSame(asked.password, password));
      const allowed = publicKey === undefined ? undefined : utils.parseKey(publicKey);
      const isKey =
        asked.method === "publickey" && allowed !== undefined && !(allowed instanceof Error) && asked.key.algo === allowed.type && asked.key.data.equals(allowed.getPublicSSH()) &&
        (!asked.signature || allowed.verify(asked.blob as Buffer, asked.signature, asked.hashAlgo) === true);
      if (asked.username === user && (isPassword || isKey)) asked.accept();
      else asked.reject(["password", "publickey"]);
    });
    connection.on("ready", () => {
      connection.on("session", (accept) => accept().on("sftp", (open) => this.#speak(open(), connection)));
    });
  }

  #speak(sftp: SFTPWrapper, connection: Connection): void {
    const handles = new Map<number, { path: string; bytes?: Buffer; entries?: string[] | undefined; isWritten?: boolean }>();
    let next = 0;
    const open = (id: number, what: { path: string; bytes?: Buffer; entries?: string[]; isWritten?: boolean }) => {
      handles.set(++next, what);
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(next);
      sftp.handle(id, handle);
    };
    const of = (handle: Buffer) => handles.get(handle.readUInt32BE());
    const say = (id: number, code: keyof typeof STATUS_CODE) => sftp.status(id, STATUS_CODE[code]);
    const look = (id: number, path: string) => {
      const attrs = this.#attributes(path);
      if (attrs) sftp.attrs(id, attrs);
      else say(id, "NO_SUCH_FILE");
    };
    sftp.on("REALPATH", (id, path) => sftp.name(id, [{ filename: path === "." ? "/" : path, longname: path, attrs: {} as Attributes }]));
    sftp.on("STAT", look);
    sftp.on("LSTAT", look);
    sftp.on("OPENDIR", (id, path) => (this.folders.has(path) ? open(id, { path, entries: this.#entries(path) }) : say(id, "NO_SUCH_FILE")));
    sftp.on("READDIR", (id, handle) => {
      const found = of(handle);
      const { entries } = found ?? {};
      if (!found || !entries) return say(id, "EOF");
      found.entries = undefined;
      sftp.name(id, entries.map((filename) => ({ filename, longname: filename, attrs: this.#attributes(`${found.path}/${filename}`) as Attributes })));
    });
    sftp.on("OPEN", (id, path, flags) => {
      if ((flags & OPEN_MODE.WRITE) !== 0) {
        if (!this.folders.has(path.slice(0, path.lastIndexOf("/")))) return say(id, "NO_SUCH_FILE");
        return open(id, { path, bytes: Buffer.alloc(0), isWritten: true });
      }
      const file = this.files.get(path);
      if (!file) return say(id, "NO_SUCH_FILE");
      this.onRead(path, file.bytes);
      open(id, { path, bytes: file.bytes });
    });
    sftp.on("READ", (id, handle, offset, length) => {
      const { bytes = Buffer.alloc(0) } = of(handle) ?? {};
      if (offset >= bytes.length) return say(id, "EOF");
      sftp.data(id, bytes.subarray(offset, offset + length));
    });
    sftp.on("WRITE", (id, handle, offset, data) => {
      const found = of(handle);
      if (!found?.isWritten || !found.bytes) return say(id, "FAILURE");
      const size = Math.max(found.bytes.length, offset + data.length);
      const grown = Buffer.alloc(size);
      found.bytes.copy(grown);
      data.copy(grown, offset);
      found.bytes = grown;
      say(id, "OK");
    });
    sftp.on("CLOSE", (id, handle) => {
      const found = of(handle);
      if (found?.isWritten && found.bytes) {
        this.put(found.path, found.bytes);
        this.onFile(found.path, found.bytes);
      }
      handles.delete(handle.readUInt32BE());
      say(id, "OK");
    });
    sftp.on("REMOVE", (id, path) => say(id, this.files.delete(path) ? "OK" : "NO_SUCH_FILE"));
    sftp.on("MKDIR", (id, path) => {
      this.folders.add(path);
      say(id, "OK");
    });
    sftp.on("RENAME", (id, from, to) => {
      const file = this.files.get(from);
      if (!file || !this.folders.has(to.slice(0, to.lastIndexOf("/")))) return say(id, "NO_SUCH_FILE");
      const move = this.onRename(from, to, file.bytes);
      if (move === "silent") return;
      if (move === "close") return connection.end();
      // As OpenSSH does: never over another file.
      if (move === "refuse" || this.files.has(to)) return say(id, "FAILURE");
      this.files.delete(from);
      this.files.set(to, file);
      this.renames.push({ from, to });
      this.onFile(to, file.bytes);
      say(id, "OK");
    });
  }

  #entries(folder: string): string[] {
    const below = (path: string) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes("/");
    return [...this.files.keys(), ...this.folders].filter(below).map((path) => path.slice(folder.length + 1));
  }

  #attributes(path: string): Attributes | undefined {
    const file = this.files.get(path);
    if (file) return { mode: 0o100600, uid: 0, gid: 0, size: file.bytes.length, atime: file.mtime, mtime: file.mtime };
    return this.folders.has(path) ? { mode: 0o040700, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 } : undefined;
  }
}

/** The library now and then writes a key that it cannot read itself. */
function aHostKey(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = utils.generateKeyPairSync("ed25519");
    if (![pair.private, pair.public].some((key) => utils.parseKey(key) instanceof Error)) return pair;
  }
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(one, other);
}
