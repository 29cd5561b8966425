/** The example's files for a walk: folders are looked at, and batches sent, without the pauses of a working day. All else is as it stands. */
export function hurried(text: string): string {
  return text.replace(/\bpoll: \d+s\b/g, "poll: 100ms, age: 100ms").replace(/\bevery: \d+s\b/g, "every: 1s").replace(/(batch: \{ max: \d+), within: \d+s \}/g, "$1, within: 300ms }");
}
