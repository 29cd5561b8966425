import { keepOpen } from "./seal.ts";

/** The time and the random numbers that guest code sees: those of the message, so that a replay gives the same bytes. */
const state = keepOpen({ now: 0, a: 0, b: 0, c: 0, d: 0 });
const RealDate = Date;

/** Sets time and seed for the message that comes next: 128 bits, each out of the whole id, so that no two messages share their numbers. */
export function beginMessage(id: string, receivedAt: number): void {
  state.now = receivedAt;
  let [a, b, c, d] = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i);
    a = mix(a, unit, 0x85ebca6b);
    b = mix(b, unit, 0xc2b2ae35);
    c = mix(c, unit, 0x27d4eb2f);
    d = mix(d, unit, 0x165667b1);
  }
  state.a = a;
  state.b = b;
  state.c = c;
  state.d = d;
  for (let i = 0; i < 12; i++) random();
}

function mix(word: number, unit: number, by: number): number {
  return Math.imul(((word << 13) | (word >>> 19)) ^ unit, by);
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
