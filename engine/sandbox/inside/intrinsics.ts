/** Objects of the language that no global names: reached by making one of each kind and looking at what it inherits. */
export function hiddenIntrinsics(): unknown[] {
  const failed = new Error("sample");
  const found: unknown[] = [
    function* () {},
    async () => {},
    async function* () {},
    (function* () {})(),
    (async function* () {})(),
    (async () => {})(),
    [][Symbol.iterator](),
    new Map().entries(),
    new Set().values(),
    ""[Symbol.iterator](),
    "".matchAll(/./g),
    Object.getPrototypeOf(Uint8Array),
    failed,
    (function () {
      // biome-ignore lint/complexity/noArguments: the object itself is wanted, for the functions it shares
      return arguments;
    })(),
    Object.assign((() => {}) as object, {}),
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(() => {}), "caller"),
    Proxy.revocable({}, {}).revoke,
  ];
  for (const make of optional) {
    try {
      found.push(make());
    } catch {
      // This version of the language has no such thing, so there is nothing to freeze.
    }
  }
  for (const Kind of [TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]) found.push(new Kind());
  return found.flatMap((each) => [each, Object.getPrototypeOf(each as object)]);
}

const anything = globalThis as never as Record<string, any>;

const optional: readonly (() => unknown)[] = [
  () => anything.Iterator.from({ next() {} }),
  () => anything.Iterator.from([]).map((each: unknown) => each),
  () => anything.Iterator.concat([]),
  () => anything.Iterator.zip([[]]),
  () => new Intl.Segmenter().segment("a"),
  () => new Intl.Segmenter().segment("a")[Symbol.iterator](),
  () => new Intl.DateTimeFormat().format,
  () => new Intl.NumberFormat().format,
  () => new Intl.Collator().compare,
  () => {
    const traced = {};
    Error.captureStackTrace(traced);
    return traced;
  },
  () => new anything.AggregateError([]),
  () => new anything.SuppressedError(),
  () => new anything.DisposableStack(),
  () => new anything.AsyncDisposableStack(),
];
