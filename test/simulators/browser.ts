/** A browser as far as it matters: it follows redirects, and keeps cookies for each host and path. */
export class Browser {
  readonly #jar = new Map<string, string>();
  last = "";

  async open(url: string, stopAt = "\u0000"): Promise<{ status: number; text: string; url: string; headers: Headers }> {
    for (let hops = 0, at = url; hops < 15; hops++) {
      this.last = at;
      const { host, pathname } = new URL(at);
      const cookies = [...this.#jar].filter(([key]) => key.startsWith(`${host} `) && pathname.startsWith(key.split(" ")[1] ?? "")).map(([key, value]) => `${key.split(" ")[2]}=${value}`);
      const response = await fetch(at, { redirect: "manual", headers: cookies.length > 0 ? { cookie: cookies.join("; ") } : {} });
      for (const set of response.headers.getSetCookie()) {
        const [pair = "", ...rules] = set.split(";").map((part) => part.trim());
        const path = rules.find((rule) => /^path=/i.test(rule))?.slice(5) ?? "/";
        this.#jar.set(`${host} ${path} ${pair.slice(0, pair.indexOf("="))}`, pair.slice(pair.indexOf("=") + 1));
      }
      const next = response.headers.get("location");
      if (next === null) return { status: response.status, text: await response.text(), url: at, headers: response.headers };
      at = new URL(next, at).toString();
      if (at.includes(stopAt)) return { status: response.status, text: "", url: at, headers: response.headers };
    }
    throw new Error("redirects without end");
  }
}
