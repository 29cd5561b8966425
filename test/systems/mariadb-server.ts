import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "../flow/engine-on-disk.ts";
import { inCi, type ServerCertificate, type SqlServer, untilAnswers } from "./sql-server.ts";

const [server, install, client] = ["/usr/sbin/mariadbd", "/usr/bin/mariadb-install-db", "/usr/bin/mariadb"] as const;

/** Why no MariaDB can be started here; absent: one can. In CI its absence is an error. */
export const noMariadb = inCi([server, install, client].some((path) => !existsSync(path)), "no mariadbd, mariadb-install-db or mariadb: MariaDB is not installed");

/** A MariaDB of the installed binaries on a private port: user `sluice` with password `pass`, database `clinic`, with TLS. */
export async function mariadbServer({ cert, key }: ServerCertificate): Promise<SqlServer> {
  const dir = mkdtempSync(join(tmpdir(), "sluice-maria-"));
  const { username } = userInfo();
  const data = join(dir, "data");
  execFileSync(install, ["--no-defaults", `--datadir=${data}`, `--user=${username}`, "--auth-root-authentication-method=normal", "--skip-test-db"], { stdio: "ignore" });
  const init = join(dir, "init.sql");
  writeFileSync(init, "create user 'sluice'@'%' identified by 'pass';\ncreate database clinic;\ngrant all on clinic.* to 'sluice'@'%';\n");
  const port = await freePort();
  const options = { datadir: data, user: username, port, "bind-address": "127.0.0.1", socket: join(dir, "s"), "pid-file": join(dir, "pid"), "init-file": init, "ssl-cert": cert, "ssl-key": key, "innodb-flush-log-at-trx-commit": 0, "innodb-buffer-pool-size": "16M" };
  const running = spawn(server, ["--no-defaults", "--skip-name-resolve", ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)], { stdio: "ignore" });
  const gone = new Promise<void>((resolve) => running.once("exit", () => resolve()));
  const run = (sql: string) =>
    execFileSync(client, ["--no-defaults", "-h", "127.0.0.1", "-P", String(port), "-u", "sluice", "-ppass", "--skip-ssl", "-N", "-B", "clinic", "-e", sql], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  await untilAnswers(() => run("select 1"));
  return {
    port,
    run,
    close: async () => {
      running.kill("SIGTERM");
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
