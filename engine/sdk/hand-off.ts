/** A message that another channel of the same engine hands over. The engine made it; a look-alike has no lineage. */
export interface HandOff {
  readonly body: Uint8Array;
  /** The same at every repeat of the same hand-off. */
  readonly identity: string;
}
