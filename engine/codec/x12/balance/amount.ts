/** An amount of data element type R, exact: units of 10^-18, more places than its 18 characters can hold. */
export type Amount = bigint;

const places = 18;

/** `-12.5`, `.05`, `100`; `undefined` for what is no plain decimal number, and 0 for what is not there. */
export function amountOf(text: string): Amount | undefined {
  if (text === "") return 0n;
  const [, sign, whole = "", decimals = ""] = /^(-?)(\d*)(?:\.(\d{0,18}))?$/.exec(text) ?? [];
  if (whole === "" && decimals === "") return undefined;
  const units = BigInt(whole + decimals.padEnd(places, "0"));
  return sign === "-" ? -units : units;
}

/** `undefined` when one of them is none: what cannot be read cannot be out of balance. */
export function sum(amounts: Iterable<Amount | undefined>): Amount | undefined {
  let total = 0n;
  for (const each of amounts) {
    if (each === undefined) return undefined;
    total += each;
  }
  return total;
}

/** Whether both are known and differ. */
export function differ(a: Amount | undefined, b: Amount | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}
