import { keepOpen } from "./seal.ts";

/** The time and the random numbers that guest code sees: those of the message, so that a replay gives the same bytes. */
const state = keepOpen({ now: 0, a: 0, b: 0, c: 0, d: 0 });
const RealDate = Date;

/** Sets time and seed for the message that comes next. */
export function beginMessage(id: string, receivedAt: number): void {
  state.now = receivedAt;
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  state.a = hash;
  state.b = hash ^ 0x9e3779b9;
  state.c = hash ^ 0x7f4a7c15;
  state.d = 1;
  for (let i = 0; i < 12; i++) random();
}

/** sfc32: small, fast, and good enough for what is no secret. */
export function random(): number {
  const sum = (((state.a + state.b) | 0) + state.d) | 0;
  state.d = (state.d + 1) | 0;
  state.a = state.b ^ (state.b >>> 9);
  state.b = (state.c + (state.c << 3)) | 0;
  state.c = (((state.c << 21) | (state.c >>> 11)) + sum) | 0;
  return (sum >>> 0) / 4294967296;
}

/** Puts the message's time and randomness in the place of the machine's, everywhere the language shows them. */
export function fixClock(): void {
  const MessageDate = function Date(this: unknown, ...parts: unknown[]): unknown {
    if (new.target === undefined) return new RealDate(state.now).toString();
    return Reflect.construct(RealDate, parts.length === 0 ? [state.now] : parts, new.target);
  };
  define(MessageDate, "prototype", RealDate.prototype, false);
  define(MessageDate, "length", 7);
  define(MessageDate, "now", () => state.now);
  define(MessageDate, "parse", RealDate.parse);
  define(MessageDate, "UTC", RealDate.UTC);
  define(RealDate.prototype, "constructor", MessageDate);
  define(globalThis, "Date", MessageDate);
  define(Math, "random", () => random());
  fixFormats();
  const temporal = (globalThis as { Temporal?: { Now?: unknown } }).Temporal;
  if (temporal) delete temporal.Now;
}

/** Without an argument these format the machine's time. */
function fixFormats(): void {
  const proto = Intl.DateTimeFormat.prototype;
  const bound = Object.getOwnPropertyDescriptor(proto, "format")?.get;
  const parts = proto.formatToParts;
  Object.defineProperty(proto, "format", {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const format = bound?.call(this) as (date: unknown) => string;
      return (date?: unknown) => format(date === undefined ? state.now : date);
    },
  });
  define(proto, "formatToParts", function formatToParts(this: Intl.DateTimeFormat, date?: Date | number) {
    return parts.call(this, date === undefined ? state.now : date);
  });
}

function define(target: object, name: string, value: unknown, writable = true): void {
  Object.defineProperty(target, name, { value, writable, configurable: writable, enumerable: false });
}
