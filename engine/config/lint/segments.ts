/** Segments of the newest versions that the table of the codec lacks. */
export const newestSegments: ReadonlySet<string> = new Set(
  ["BUI", "CDO", "CTR", "DEV", "DON", "DPS", "DST", "MCP", "OH1", "OH2", "OH3", "OH4", "OMC", "PM1", "RXV", "SGH", "SGT"],
);
