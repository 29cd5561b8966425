/** What a configuration file may cost at most. Checked before anything is composed. */
export const limits = { bytes: 1024 * 1024, depth: 64 } as const;
