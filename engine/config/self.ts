/** The engine's own name among partners: who hands a message from one channel to another. No file declares it. */
export const self = "self";

const prefix = `${self}:`;

/** The party that stands for a channel which takes hand-offs. The colon keeps it out of what a file can name. */
export function partnerOf(channel: string): string {
  return `${prefix}${channel}`;
}

/** The channel that a party stands for; `undefined` for all others. */
export function channelOf(partner: string): string | undefined {
  return partner.startsWith(prefix) ? partner.slice(prefix.length) : undefined;
}
