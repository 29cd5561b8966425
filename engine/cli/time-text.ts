const two = (n: number) => String(n).padStart(2, "0");

/** `2026-03-01 02:13:05` where the operator is. */
export function time(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clockTime(ms)}`;
}

/** `02:13:05` where the operator is. */
export function clockTime(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `+01:00`: how far this place is from UTC at that moment. */
export function zoneOf(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset();
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}
