import { lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { EngineError } from "../../sdk/index.ts";

/**
 * Addresses no endpoint may have, whatever `partners.yaml` says (threat T14): the metadata services of the clouds, link-local,
 * "this host" and multicast. Private networks are allowed, since hospitals live on them; the endpoint itself is the policy.
 */
const forbidden = new BlockList();
forbidden.addSubnet("169.254.0.0", 16, "ipv4");
forbidden.addAddress("100.100.100.200", "ipv4");
forbidden.addAddress("168.63.129.16", "ipv4");
forbidden.addAddress("192.0.0.192", "ipv4");
forbidden.addSubnet("0.0.0.0", 8, "ipv4");
forbidden.addSubnet("224.0.0.0", 4, "ipv4");
forbidden.addAddress("255.255.255.255", "ipv4");
forbidden.addAddress("::", "ipv6");
forbidden.addSubnet("fe80::", 10, "ipv6");
forbidden.addSubnet("ff00::", 8, "ipv6");
forbidden.addAddress("fd00:ec2::254", "ipv6");
// Ways of writing an IPv4 address inside an IPv6 one that a gateway may translate back: NAT64 and 6to4.
forbidden.addSubnet("64:ff9b::a9fe:0", 112, "ipv6");
forbidden.addSubnet("2002:a9fe::", 32, "ipv6");

/** Whether a parsed address may be connected to. IPv4 inside IPv6 (`::ffff:`) is read as IPv4. */
export function addressAllowed(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return !forbidden.check(address, family === 4 ? "ipv4" : "ipv6");
}

export type Resolve = typeof systemLookup;

/**
 * A `lookup` for sockets whose every answer is checked; the socket connects to exactly the address that was. Literal addresses
 * never reach a lookup: `checkLiteral` is for them.
 */
export function checkedLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(new EngineError("NET-204", {}, { cause: error }), "", 0);
      const first = addresses[0];
      if (!first || addresses.some(({ address }) => !addressAllowed(address))) return callback(new EngineError("NET-203"), "", 0);
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Refuses a host that is itself an address and not an allowed one. */
export function checkLiteral(host: string): void {
  if (isIP(host) !== 0 && !addressAllowed(host)) throw new EngineError("NET-203");
}
