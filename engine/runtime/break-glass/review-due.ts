/** When the review of an emergency access is due: one business day after its end, Monday to Friday, by the hour of the day in UTC. */
export function reviewDue(ended: number): number {
  const day = 86_400_000;
  let due = ended + day;
  while (isWeekend(due)) due += day;
  return due;
}

function isWeekend(at: number): boolean {
  const weekday = new Date(at).getUTCDay();
  return weekday === 0 || weekday === 6;
}
