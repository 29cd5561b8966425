import type { MiddlewareHandler } from "hono";

const loopbackNames = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Answers only to this machine's own names: a foreign page that points its name here (DNS rebinding) gets nothing. */
export function onlyLoopbackNames(): MiddlewareHandler {
  return async (c, next) => {
    if (!loopbackNames.test(c.req.header("host") ?? "")) return c.json({ code: "CON-102" }, 403);
    // Pages of other sites may not read what stands here, nor start anything.
    const site = c.req.header("sec-fetch-site");
    if (site === "cross-site" || site === "same-site") {
      if (c.req.method !== "GET" || c.req.header("sec-fetch-mode") !== "navigate") return c.json({ code: "CON-102" }, 403);
    }
    return next();
  };
}

const policy = [
  "default-src 'none'", "style-src 'self'", "script-src 'self'", "connect-src 'self'", "img-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join("; ");

/** Headers of every answer: nothing from another host, nothing cached, no frame, no referrer. */
export function strictHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    c.header("Content-Security-Policy", policy);
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Referrer-Policy", "no-referrer");
    c.header("Cross-Origin-Resource-Policy", "same-origin");
    c.header("Cross-Origin-Opener-Policy", "same-origin");
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  };
}
