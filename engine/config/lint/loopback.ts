/** Whether a host can only be this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The host of an endpoint's address. */
export function hostOf(url: string): string {
  const [, host] = /^[a-z][a-z0-9+.-]*:\/\/(\[[^\]]*\]|[^:/]*)/i.exec(url) ?? [];
  return host ?? "";
}
