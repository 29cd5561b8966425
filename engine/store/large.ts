/** From this size on it matters when memory is given back: the collector waits until there is much of it. */
export const large = 1024 * 1024;

/** Gives back the memory of bytes that nobody reads again; the array is empty afterwards. */
export function release(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (bytes.byteLength >= large && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
