/** A real database of the installed binaries, as a partner has one. */
export interface SqlServer {
  readonly port: number;
  /** What the database's own client prints for a statement. */
  run(sql: string): string;
  close(): Promise<void>;
}

/** PEM files of the server's certificate. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Without its binaries a test skips with one line; in CI it must run. */
export function inCi(isMissing: boolean, why: string): string | undefined {
  if (!isMissing) return undefined;
  if (process.env.CI) throw new Error(why);
  console.warn(`skipped: ${why}`);
  return why;
}

export async function untilAnswers(ask: () => unknown, ms = 90_000): Promise<void> {
  for (const end = Date.now() + ms; ; ) {
    try {
      ask();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
