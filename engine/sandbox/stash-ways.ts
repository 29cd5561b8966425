/**
 * Ways to keep something of one message for the next, each as one program that both messages run. `a` stores `name`, `b`
 * gives back what it finds; `top` stands at the top level of the module.
 */
export interface Way {
  readonly name: string;
  readonly top?: string;
  readonly a: string;
  readonly b: string;
}

/** A property put on an object that outlives the message: most ways differ only in the object. */
const onto = (name: string, object: string): Way => ({
  name,
  a: `Object.defineProperty(${object}, "stash", { value: name, configurable: true })`,
  b: `${object}.stash`,
});
const protoOf = (value: string) => `Object.getPrototypeOf(${value})`;

export const ways: readonly Way[] = [
  onto("a property of the global object", "globalThis"),
  { name: "an undeclared variable of sloppy code", a: 'new Function("n", "leak = n")(name)', b: "globalThis.leak" },
  { name: "a var of indirect eval", a: '(0, eval)("var viaEval = " + JSON.stringify(name))', b: "globalThis.viaEval" },
  { name: "a function declared by indirect eval", a: '(0, eval)("function viaEval2() { return " + JSON.stringify(name) + " }")', b: "globalThis.viaEval2()" },
  { name: "a let of the module", top: "let kept;", a: "kept = name", b: "kept" },
  { name: "a closure", top: "const cell = (() => { let v; return { put: (x) => { v = x }, get: () => v } })();", a: "cell.put(name)", b: "cell.get()" },
  { name: "a map of the module", top: "const map = new Map();", a: 'map.set("k", name)', b: 'map.get("k")' },
  { name: "a weak map keyed by a lasting object", top: "const weak = new WeakMap();", a: "weak.set(Array.prototype, name)", b: "weak.get(Array.prototype)" },
  { name: "a weak map keyed by a template object", top: "const tag = (s) => s; const site = () => tag`x`; const byTemplate = new WeakMap();", a: "byTemplate.set(site(), name)", b: "byTemplate.get(site())" },
  { name: "a property of a function of the module", top: "function f() {}", a: "f.stash = name", b: "f.stash" },
  { name: "a static field of a class", top: "class K { static s }", a: "K.s = name", b: "K.s" },
  { name: "a private field stamped on a frozen object", top: "class S extends (function (o) { return o }) { #v; constructor(o, v) { super(o); this.#v = v } static read(o) { return o.#v } }", a: "new S(Math, name)", b: "S.read(Math)" },
  { name: "a suspended generator", top: "function* g() { let v; for (;;) v = (yield v) ?? v } const gen = g(); gen.next();", a: "gen.next(name)", b: "gen.next().value" },
  { name: "a symbol in the registry", a: 'Object.defineProperty(Object, Symbol.for("stash"), { value: name })', b: 'Object[Symbol.for("stash")]' },
  { name: "the description of a symbol", a: "Object.defineProperty(Reflect, Symbol(name), { value: 1, enumerable: true })", b: "Object.getOwnPropertySymbols(Reflect).map((s) => s.description).join()" },
  onto("the prototype of objects", "Object.prototype"),
  onto("the prototype of functions", "Function.prototype"),
  onto("the prototype of symbols", "Symbol.prototype"),
  onto("the prototype of generators", protoOf(protoOf("(function* () {})()"))),
  onto("the prototype of async functions", protoOf("async () => {}")),
  onto("the prototype of async generators", protoOf(protoOf("(async function* () {})()"))),
  onto("the prototype of array iterators", protoOf("[].values()")),
  onto("the prototype of iterator helpers", protoOf("[].values().map((x) => x)")),
  onto("the prototype of wrapped iterators", protoOf("Iterator.from({ next() {} })")),
  onto("the prototype of regular expression iterators", protoOf('"".matchAll(/x/g)')),
  onto("the prototype of typed arrays", protoOf("Uint8Array")),
  onto("the prototype of segments", protoOf('new Intl.Segmenter().segment("a")')),
  onto("the prototype of segment iterators", protoOf('new Intl.Segmenter().segment("a")[Symbol.iterator]()')),
  onto("the prototype of promises", "Promise.prototype"),
  onto("a constructor of Intl", "Intl.NumberFormat"),
  onto("a prototype of Intl", "Intl.DateTimeFormat.prototype"),
  onto("the accessor of an error's stack", '(Object.getOwnPropertyDescriptor(new Error("x"), "stack").get ?? Error)'),
  onto("Temporal", "(globalThis.Temporal?.Instant?.prototype ?? Date.prototype)"),
  { name: "a hole of every array", a: "Array.prototype[7] = name", b: "new Array(9)[7]" },
  { name: "a method that answers otherwise", a: "String.prototype.trim = () => name", b: '"".trim()' },
  { name: "a getter on the prototype of arrays", a: 'Object.defineProperty(Array.prototype, "last", { get: () => name })', b: "[].last" },
  { name: "a proxy as a prototype", a: "Object.setPrototypeOf(Function.prototype, new Proxy({}, { get: () => name }))", b: "(() => {}).whatever" },
  { name: "a getter on the global object", a: 'Object.defineProperty(globalThis, "given", { get: () => name })', b: "globalThis.given" },
  { name: "JSON.stringify replaced", a: "const real = JSON.stringify; JSON.stringify = (v) => real([v, name])", b: "JSON.stringify(1)" },
  { name: "the species of arrays", a: "Object.defineProperty(Array, Symbol.species, { get: () => { throw name } })", b: "(() => { try { [].map((x) => x) } catch (e) { return e } })()" },
  { name: "the last match of regular expressions", a: "/(.+)/.exec(name)", b: 'RegExp.$1 || RegExp.lastMatch || RegExp.input || RegExp["$&"]' },
  { name: "the input of regular expressions", a: "RegExp.input = name", b: "RegExp.input" },
  { name: "the lastIndex of a pattern of the module", top: "const re = /x/g;", a: "re.lastIndex = name.length; re.stash = name", b: "re.stash" },
  { name: "Error.prepareStackTrace", a: "Error.prepareStackTrace = () => name", b: 'new Error("x").stack' },
  { name: "Error.stackTraceLimit", a: 'Error.stackTraceLimit = Object.assign(new Number(3), { stash: name })', b: "Error.stackTraceLimit?.stash" },
  { name: "an error kept with its stack", top: "let failed;", a: "failed = new Error(name)", b: "failed?.stack" },
  { name: "a promise kept", top: "let promise; let seen;", a: "promise = Promise.resolve(name).then((v) => { seen = v })", b: "seen" },
  { name: "a microtask that runs late", a: 'Promise.resolve().then(() => Promise.resolve()).then(() => { globalThis.late = name }).catch(() => {})', b: "globalThis.late" },
  { name: "a promise that never settles, resolved by the next message", top: "let give; let got; new Promise((r) => { give = r }).then((v) => { got = v });", a: "give(name)", b: "got" },
  { name: "Date.now replaced", a: "Date.now = () => name", b: "Date.now()" },
  { name: "Math.random replaced", a: "Math.random = () => name", b: "Math.random()" },
  onto("the constructor of Date", "Date"),
  onto("lookup", "lookup"),
  onto("a lookup table", "lookup.table"),
  onto("log", "log"),
  { name: "the log of the message before", a: "log(name)", b: "JSON.stringify(log.lines)" },
  onto("extension", "extension"),
  onto("uuid", "uuid"),
  onto("the table of date helpers", "date"),
  onto("a date helper", "date.fromHl7"),
  onto("decimal", "decimal"),
  onto("the class of numbers by their text", 'decimal("1.0").constructor'),
  onto("parseHl7", "parseHl7"),
  onto("meta", "meta"),
  onto("the prototype of messages", protoOf("msg")),
  onto("the class of messages", "msg.constructor"),
  onto("a method of messages", "msg.get"),
  { name: "a method of messages replaced", a: `Object.defineProperty(${protoOf("msg")}, "getRaw", { value: () => name })`, b: 'msg.getRaw("ZZZ-1")' },
  onto("the prototype of segments of messages", protoOf('msg.all("PID")[0]')),
  onto("the delimiters of messages", "msg.delimiters"),
  onto("what messages iterate with", protoOf("msg.leaves()")),
];
