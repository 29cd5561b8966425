/** Whether a text begins as iCalendar does: with a component of its standards, in a calendar or without. */
export function beginsIcal(text: string): boolean {
  return /^BEGIN:(?:VCALENDAR|VEVENT|VTODO|VJOURNAL|VFREEBUSY|VTIMEZONE|VALARM|VAVAILABILITY)[ \t]*(?:[\r\n]|$)/i.test(text);
}
