/** Where ours and another expander differ on components of the corpus: the rule that settles it, a heading of docs/conformance/recurrence.md. */
export const settled: readonly { readonly which: RegExp; readonly rule: string }[] = [
  { which: /(?:america_new_york|period_with_timezone).*(?:STANDARD|DAYLIGHT)\[|issue_1633_/, rule: "DTSTART is in the set" },
  { which: /(?:issue_165_missing_event|issue_237|issue_836|timezone_same_start).*(?:STANDARD|DAYLIGHT)\[|rfc_7953_|issue_157_/, rule: "DTSTART is in the set" },
  { which: /issue_1081_invalid_rrule_freq|multiple_timezones/, rule: "What has no meaning is refused" },
  { which: /issue_156_|exdates_on_different_lines|RDATE_example\.ics VEVENT\[3\]/, rule: "Zones without a definition" },
  { which: /issue_165_missing_event\.ics VEVENT/, rule: "Spaces in a rule" },
  { which: /period_with_timezone\.ics VEVENT/, rule: "Counted by hand" },
  { which: /RDATE_example\.ics VEVENT\[6\]/, rule: "The same instant twice" },
];
