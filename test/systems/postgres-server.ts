import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../flow/engine-on-disk.ts";
import { inCi, type SqlServer, untilAnswers, type ServerCertificate } from "./sql-server.ts";

const bin = globSync("/usr/lib/postgresql/*/bin").toSorted().at(-1);

/** Why no PostgreSQL can be started here; absent: one can. In CI its absence is an error. */
export const noPostgres = inCi(bin === undefined, "no /usr/lib/postgresql/*/bin: PostgreSQL is not installed");

/** A PostgreSQL of the installed binaries on a private port: user `sluice` with password `pass`, database `clinic`, with TLS. */
export async function postgresServer({ cert, key }: ServerCertificate): Promise<SqlServer> {
  // Not below TMPDIR, which may be a folder that the account of the server cannot enter.
  const dir = mkdtempSync("/tmp/sluice-pg-");
  // The server refuses to run as root.
  const owner = process.getuid?.() === 0 ? idsOf("postgres") : undefined;
  const own = (path: string) => owner && chownSync(path, owner.uid, owner.gid);
  own(dir);
  const file = (name: string, write: (path: string) => void) => {
    const path = join(dir, name);
    write(path);
    chmodSync(path, 0o600);
    own(path);
    return path;
  };
  const password = file("password", (path) => writeFileSync(path, "pass"));
  const [certFile, keyFile] = [file("cert.pem", (path) => copyFileSync(cert, path)), file("key.pem", (path) => copyFileSync(key, path))];
  const data = join(dir, "data");
  execFileSync(`${bin}/initdb`, ["-D", data, "-U", "sluice", "--auth=scram-sha-256", `--pwfile=${password}`, "-E", "UTF8", "--locale=C", "--no-sync"], { stdio: "ignore", ...owner });
  const port = await freePort();
  const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: "", fsync: "off", ssl: "on", ssl_cert_file: certFile, ssl_key_file: keyFile };
  const server = spawn(`${bin}/postgres`, ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])], { stdio: "ignore", ...owner });
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const run = (sql: string, database = "clinic") =>
    execFileSync(`${bin}/psql`, ["-h", "127.0.0.1", "-p", String(port), "-U", "sluice", "-d", database, "-v", "ON_ERROR_STOP=1", "-At", "-c", sql], { encoding: "utf8", env: { ...process.env, PGPASSWORD: "pass" }, stdio: ["ignore", "pipe", "ignore"] }).trim();
  await untilAnswers(() => run("select 1", "postgres"));
  run("create database clinic", "postgres");
  return {
    port,
    run,
    close: async () => {
      server.kill("SIGINT");
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function idsOf(name: string): { uid: number; gid: number } {
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, name], { encoding: "utf8" })));
  return { uid: uid ?? 0, gid: gid ?? 0 };
}
