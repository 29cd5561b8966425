import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A throw-away authority and certificates for tests, made by the openssl of the machine. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), "sluice-tls-"));

  /** A self-signed authority. Gives its file. */
  authority(name: string, days = 2): string {
    this.#run("req", "-x509", ...newKey(`${name}.key`), "-days", String(days), "-subj", `/CN=${name}`, "-out", `${name}.pem`);
    return `${name}.pem`;
  }

  /** A certificate of an authority for one subject alternative name. Gives its files. */
  issue(name: string, authority: string, san: string, days = 2): { cert: string; key: string } {
    writeFileSync(join(this.folder, `${name}.ext`), `subjectAltName=${san}\n`);
    this.#run("req", ...newKey(`${name}.key`), "-subj", `/CN=${name}`, "-out", `${name}.csr`);
    const from = ["-CA", authority, "-CAkey", authority.replace(".pem", ".key"), "-CAcreateserial"];
    this.#run("x509", "-req", "-in", `${name}.csr`, ...from, "-days", String(days), "-extfile", `${name}.ext`, "-out", `${name}.pem`);
    return { cert: `${name}.pem`, key: `${name}.key` };
  }

  readonly resolvePath = (path: string): string => join(this.folder, path);

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #run(...args: string[]): void {
    execFileSync("openssl", args, { cwd: this.folder, stdio: "ignore" });
  }
}

const newKey = (file: string) => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file];
