/** The three bytes of MLLP: a frame is VT, the message, FS, CR. */
export const VT = 0x0b;
export const FS = 0x1c;
export const CR = 0x0d;

export const frameStart = Uint8Array.of(VT);
export const frameEnd = Uint8Array.of(FS, CR);

/** A message as one frame. */
export function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(message.length + 3);
  framed[0] = VT;
  framed.set(message, 1);
  framed.set(frameEnd, message.length + 1);
  return framed;
}

/** A message with one of these inside would end early, and its rest could pass as a message of its own. */
export function breaksFrame(message: Uint8Array): boolean {
  return message.includes(VT) || message.includes(FS);
}
