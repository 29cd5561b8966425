import { expect, test } from "vitest";
import { addressAllowed, checkedLookup, type Resolve } from "./address.ts";

test.each([
  "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255",
  "::", "fe80::1", "ff02::1", "fd00:ec2::254", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "not an address",
])("%s is refused", (address) => expect(addressAllowed(address)).toBe(false));

test.each(["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "8.8.8.8", "::1", "fd12::1", "2001:db8::1", "::ffff:10.0.0.1"])(
  "%s is allowed",
  (address) => expect(addressAllowed(address)).toBe(true),
);

/** What a lookup gives a socket, for answers of a name service. */
function answer(addresses: { address: string; family: number }[] | undefined, all = false): Promise<unknown> {
  const resolve = ((_host: string, _options: object, callback: (error: Error | null, found: unknown) => void) =>
    addresses ? callback(null, addresses) : callback(new Error("no"), [])) as unknown as Resolve;
  return new Promise((done) => checkedLookup(resolve)("partner.example", { all }, (error, found) => done(error ?? found)));
}

test("a name gives the address that was checked; one bad answer among good ones refuses all", async () => {
  const good = { address: "10.0.0.1", family: 4 };
  expect(await answer([good])).toBe("10.0.0.1");
  expect(await answer([good], true)).toEqual([good]);
  expect(await answer([good, { address: "169.254.169.254", family: 4 }], true)).toMatchObject({ code: "NET-203" });
  expect(await answer([])).toMatchObject({ code: "NET-203" });
  expect(await answer(undefined)).toMatchObject({ code: "NET-204" });
});
