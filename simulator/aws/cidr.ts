import ipaddr from "ipaddr.js";

/** A range of addresses: the first one and the length of its prefix. */
interface Range {
  first: number[];
  length: number;
}

/** Says what is wrong with an IPv4 range as AWS takes it, or nothing. */
export function cidrComplaint(cidr: string, smallest = 0, largest = 32): string {
  if (!ipaddr.IPv4.isValidCIDR(cidr)) return `${cidr} is not a valid IPv4 CIDR block`;
  const { length } = range(cidr);
  if (length < smallest || length > largest) {
    return `${cidr}: the prefix has to be between /${smallest} and /${largest}`;
  }
  const network = `${ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()}/${length}`;
  return network === cidr ? "" : `${cidr} is not a network; its network is ${network}`;
}

/** True when the first range lies wholly in the second. */
export function isWithin(inner: string, outer: string): boolean {
  const [small, large] = [range(inner), range(outer)];
  return small.length >= large.length && sharesPrefix(small, large, large.length);
}

/** True when two ranges have an address in common. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [range(one), range(other)];
  return sharesPrefix(a, b, Math.min(a.length, b.length));
}

function range(cidr: string): Range {
  const [address, length] = ipaddr.IPv4.parseCIDR(cidr);
  return { first: address.toByteArray(), length };
}

function sharesPrefix(a: Range, b: Range, length: number): boolean {
  const bits = ({ first }: Range) =>
    first
      .map((byte) => byte.toString(2).padStart(8, "0"))
      .join("")
      .slice(0, length);
  return bits(a) === bits(b);
}
