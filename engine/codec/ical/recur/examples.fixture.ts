/**
 * Rules with the dates that RFC 5545 gives them. `starts`: years, then month/days, each at the times of `at`: `1997 9/2-4,7 10/1 1998 1/2` is four days in
 * September 1997, one in October, one in January 1998. A rule without an end is compared as far as its list goes.
 */
export interface Example {
  readonly what: string;
  /** `YYYYMMDDTHHMMSS` on the clock of `zone`, or a date. */
  readonly start: string;
  readonly rule: string;
  readonly starts: string;
  /** `HH:MM`, default the time of the start. */
  readonly at?: readonly string[];
  readonly exdate?: string;
  /** Default America/New_York. */
  readonly zone?: string;
}

/** RFC 5545 3.8.5.3, in its order. */
export const workedExamples: readonly Example[] = [
  { what: "daily for 10", start: "19970902T090000", rule: "FREQ=DAILY;COUNT=10", starts: "1997 9/2-11" },
  { what: "daily until December 24", start: "19970902T090000", rule: "FREQ=DAILY;UNTIL=19971224T000000Z", starts: "1997 9/2-30 10/1-31 11/1-30 12/1-23" },
  { what: "every other day", start: "19970902T090000", rule: "FREQ=DAILY;INTERVAL=2", starts: "1997 9/2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 10/2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 11/1,3,5,7,9,11,13,15,17,19,21,23,25,27,29 12/1,3" },
  { what: "every 10 days, 5 times", start: "19970902T090000", rule: "FREQ=DAILY;INTERVAL=10;COUNT=5", starts: "1997 9/2,12,22 10/2,12" },
  { what: "every day in January for 3 years, yearly", start: "19980101T090000", rule: "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", starts: "1998 1/1-31 1999 1/1-31 2000 1/1-31" },
  { what: "every day in January for 3 years, daily", start: "19980101T090000", rule: "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", starts: "1998 1/1-31 1999 1/1-31 2000 1/1-31" },
  { what: "weekly for 10", start: "19970902T090000", rule: "FREQ=WEEKLY;COUNT=10", starts: "1997 9/2,9,16,23,30 10/7,14,21,28 11/4" },
  { what: "weekly until December 24", start: "19970902T090000", rule: "FREQ=WEEKLY;UNTIL=19971224T000000Z", starts: "1997 9/2,9,16,23,30 10/7,14,21,28 11/4,11,18,25 12/2,9,16,23" },
  { what: "every other week", start: "19970902T090000", rule: "FREQ=WEEKLY;INTERVAL=2;WKST=SU", starts: "1997 9/2,16,30 10/14,28 11/11,25 12/9,23 1998 1/6,20 2/3,17" },
  { what: "Tuesday and Thursday for five weeks, until", start: "19970902T090000", rule: "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", starts: "1997 9/2,4,9,11,16,18,23,25,30 10/2" },
  { what: "Tuesday and Thursday for five weeks, count", start: "19970902T090000", rule: "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", starts: "1997 9/2,4,9,11,16,18,23,25,30 10/2" },
  { what: "every other week on three days until December 24", start: "19970901T090000", rule: "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", starts: "1997 9/1,3,5,15,17,19,29 10/1,3,13,15,17,27,29,31 11/10,12,14,24,26,28 12/8,10,12,22" },
  { what: "every other week on two days, 8 times", start: "19970902T090000", rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", starts: "1997 9/2,4,16,18,30 10/2,14,16" },
  { what: "first Friday for 10", start: "19970905T090000", rule: "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", starts: "1997 9/5 10/3 11/7 12/5 1998 1/2 2/6 3/6 4/3 5/1 6/5" },
  { what: "first Friday until December 24", start: "19970905T090000", rule: "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", starts: "1997 9/5 10/3 11/7 12/5" },
  { what: "every other month on its first and last Sunday", start: "19970907T090000", rule: "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", starts: "1997 9/7,28 11/2,30 1998 1/4,25 3/1,29 5/3,31" },
  { what: "second-to-last Monday", start: "19970922T090000", rule: "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", starts: "1997 9/22 10/20 11/17 12/22 1998 1/19 2/16" },
  { what: "third-to-last day", start: "19970928T090000", rule: "FREQ=MONTHLY;BYMONTHDAY=-3", starts: "1997 9/28 10/29 11/28 12/29 1998 1/29 2/26" },
  { what: "2nd and 15th", start: "19970902T090000", rule: "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", starts: "1997 9/2,15 10/2,15 11/2,15 12/2,15 1998 1/2,15" },
  { what: "first and last day", start: "19970930T090000", rule: "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", starts: "1997 9/30 10/1,31 11/1,30 12/1,31 1998 1/1,31 2/1" },
  { what: "every 18 months on the 10th to 15th", start: "19970910T090000", rule: "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", starts: "1997 9/10-15 1999 3/10-13" },
  { what: "every Tuesday of every other month", start: "19970902T090000", rule: "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", starts: "1997 9/2,9,16,23,30 11/4,11,18,25 1998 1/6,13,20,27 3/3,10,17,24,31" },
  { what: "June and July", start: "19970610T090000", rule: "FREQ=YEARLY;COUNT=10;BYMONTH=6,7", starts: "1997 6/10 7/10 1998 6/10 7/10 1999 6/10 7/10 2000 6/10 7/10 2001 6/10 7/10" },
  { what: "every other year in three months", start: "19970310T090000", rule: "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", starts: "1997 3/10 1999 1/10 2/10 3/10 2001 1/10 2/10 3/10 2003 1/10 2/10 3/10" },
  { what: "days 1, 100 and 200 of every third year", start: "19970101T090000", rule: "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", starts: "1997 1/1 4/10 7/19 2000 1/1 4/9 7/18 2003 1/1 4/10 7/19 2006 1/1" },
  { what: "20th Monday of the year", start: "19970519T090000", rule: "FREQ=YEARLY;BYDAY=20MO", starts: "1997 5/19 1998 5/18 1999 5/17" },
  { what: "Monday of week 20", start: "19970512T090000", rule: "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", starts: "1997 5/12 1998 5/11 1999 5/17" },
  { what: "Thursdays in March", start: "19970313T090000", rule: "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", starts: "1997 3/13,20,27 1998 3/5,12,19,26 1999 3/4,11,18,25" },
  { what: "Thursdays in summer", start: "19970605T090000", rule: "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", starts: "1997 6/5,12,19,26 7/3,10,17,24,31 8/7,14,21,28 1998 6/4,11,18,25 7/2,9,16,23,30 8/6,13,20,27 1999 6/3,10,17,24 7/1,8,15,22,29 8/5,12,19,26" },
  { what: "Friday the 13th", start: "19970902T090000", rule: "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", exdate: "19970902T090000", starts: "1998 2/13 3/13 11/13 1999 8/13 2000 10/13" },
  { what: "first Saturday after the first Sunday", start: "19970913T090000", rule: "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", starts: "1997 9/13 10/11 11/8 12/13 1998 1/10 2/7 3/7 4/11 5/9 6/13" },
  { what: "election day", start: "19961105T090000", rule: "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", starts: "1996 11/5 2000 11/7 2004 11/2" },
  { what: "third of Tuesday, Wednesday, Thursday", start: "19970904T090000", rule: "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", starts: "1997 9/4 10/7 11/6" },
  { what: "second-to-last working day", start: "19970929T090000", rule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", starts: "1997 9/29 10/30 11/27 12/30 1998 1/29 2/26 3/30" },
  // As corrected: the text's own UNTIL lies before the last time that it lists.
  { what: "every 3 hours on one day", start: "19970902T090000", rule: "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", starts: "1997 9/2", at: ["09:00", "12:00", "15:00"] },
  { what: "every 15 minutes, 6 times", start: "19970902T090000", rule: "FREQ=MINUTELY;INTERVAL=15;COUNT=6", starts: "1997 9/2", at: ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15"] },
  { what: "every hour and a half, 4 times", start: "19970902T090000", rule: "FREQ=MINUTELY;INTERVAL=90;COUNT=4", starts: "1997 9/2", at: ["09:00", "10:30", "12:00", "13:30"] },
  { what: "every 20 minutes of the working day, daily", start: "19970902T090000", rule: "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", starts: "1997 9/2-4", at: [9, 10, 11, 12, 13, 14, 15, 16].flatMap((h) => ["00", "20", "40"].map((m) => `${String(h).padStart(2, "0")}:${m}`)) },
  { what: "every 20 minutes of the working day, minutely", start: "19970902T090000", rule: "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16", starts: "1997 9/2-4", at: [9, 10, 11, 12, 13, 14, 15, 16].flatMap((h) => ["00", "20", "40"].map((m) => `${String(h).padStart(2, "0")}:${m}`)) },
  { what: "week from Monday", start: "19970805T090000", rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", starts: "1997 8/5,10,19,24" },
  { what: "week from Sunday", start: "19970805T090000", rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", starts: "1997 8/5,17,19,31" },
  { what: "30 February is no day", start: "20070115T090000", rule: "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", starts: "2007 1/15,30 2/15 3/15,30" },
];

/** Cases of ours that libraries fall over, each with the dates that RFC 5545 3.3.10 gives. */
export const hardCases: readonly Example[] = [
  { what: "29 February yearly", start: "20240229T100000", rule: "FREQ=YEARLY;COUNT=3", starts: "2024 2/29 2028 2/29 2032 2/29" },
  { what: "the 31st monthly", start: "20260131T100000", rule: "FREQ=MONTHLY;COUNT=5", starts: "2026 1/31 3/31 5/31 7/31 8/31" },
  { what: "last day of February", start: "20240229T100000", rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1;COUNT=4", starts: "2024 2/29 2025 2/28 2026 2/28 2027 2/28" },
  { what: "day 366", start: "20241231T100000", rule: "FREQ=YEARLY;BYYEARDAY=366;COUNT=2", starts: "2024 12/31 2028 12/31" },
  { what: "last day of the year and the day before", start: "20241230T100000", rule: "FREQ=YEARLY;BYYEARDAY=-2,-1;COUNT=4", starts: "2024 12/30,31 2025 12/30,31" },
  { what: "week 53", start: "20201230T100000", rule: "FREQ=YEARLY;BYWEEKNO=53;BYDAY=WE;COUNT=2", starts: "2020 12/30 2026 12/30" },
  { what: "last week by number from the end", start: "20251222T100000", rule: "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO;COUNT=3", starts: "2025 12/22 2026 12/28 2027 12/27" },
  { what: "a week number alone takes the weekday of the start", start: "20260513T100000", rule: "FREQ=YEARLY;BYWEEKNO=20;COUNT=3", starts: "2026 5/13 2027 5/19 2028 5/17" },
  { what: "weeks that begin on Sunday", start: "20260111T100000", rule: "FREQ=YEARLY;BYWEEKNO=2;BYDAY=SU,SA;WKST=SU;COUNT=4", starts: "2026 1/11,17 2027 1/10,16" },
  { what: "-1 Monday of the year", start: "20251229T100000", rule: "FREQ=YEARLY;BYDAY=-1MO;COUNT=3", starts: "2025 12/29 2026 12/28 2027 12/27" },
  { what: "fifth Friday", start: "20260130T100000", rule: "FREQ=MONTHLY;BYDAY=5FR;COUNT=4", starts: "2026 1/30 5/29 7/31 10/30" },
  { what: "nth weekday of chosen months", start: "20260308T100000", rule: "FREQ=YEARLY;BYMONTH=3,11;BYDAY=2SU,1SU;COUNT=6", starts: "2026 3/8 11/1,8 2027 3/7,14 11/7" },
  { what: "first and last working day", start: "20260501T100000", rule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;COUNT=6", starts: "2026 5/1,29 6/1,30 7/1,31" },
  { what: "a position among times", start: "20260302T080000", rule: "FREQ=DAILY;BYHOUR=8,12,16;BYMINUTE=0,30;BYSETPOS=1,-1;COUNT=4", starts: "2026 3/2-3", at: ["08:00", "16:30"] },
  { what: "a position among the days of a week", start: "20260306T100000", rule: "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1;COUNT=3", starts: "2026 3/6,13,20" },
  { what: "a position in a year", start: "20260520T100000", rule: "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=100;COUNT=2", starts: "2026 5/20 2027 5/20" },
  { what: "months limit days", start: "20260331T100000", rule: "FREQ=DAILY;BYMONTH=3,4;BYMONTHDAY=-1,1;COUNT=4", starts: "2026 3/31 4/1,30 2027 3/1" },
  { what: "months limit weeks", start: "20260701T100000", rule: "FREQ=WEEKLY;BYMONTH=7;BYDAY=MO,WE;COUNT=3", starts: "2026 7/1,6,8" },
  { what: "every other week over the year's end", start: "20251229T100000", rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU;COUNT=4", starts: "2025 12/29 2026 1/11,12,25" },
  { what: "every fifth hour over midnight", start: "20260302T200000", rule: "FREQ=HOURLY;INTERVAL=5;COUNT=3;BYDAY=MO,TU", starts: "2026 3/2@20:00 3/3@01:00,06:00" },
  { what: "hours limited by day of the month", start: "20260201T000000", rule: "FREQ=HOURLY;INTERVAL=2;BYMONTHDAY=1;COUNT=2", starts: "2026 2/1@00:00,02:00" },
  { what: "seconds of one minute", start: "20260302T100000", rule: "FREQ=MINUTELY;BYSECOND=0,30;COUNT=3", starts: "2026 3/2@10:00,10:00:30,10:01" },
  { what: "UNTIL is inclusive", start: "20260302T100000", rule: "FREQ=DAILY;UNTIL=20260304T150000Z", starts: "2026 3/2-4" },
  { what: "UNTIL of a date is inclusive", start: "20260302", rule: "FREQ=DAILY;UNTIL=20260304", starts: "2026 3/2-4" },
  { what: "a yearly date without a time", start: "20240229", rule: "FREQ=YEARLY;COUNT=2", starts: "2024 2/29 2028 2/29" },
  { what: "Tuesday the 29th in leap years", start: "20000229T100000", rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=TU;COUNT=2", starts: "2000 2/29 2028 2/29" },
  { what: "day 100 that is a Friday", start: "20260410T100000", rule: "FREQ=YEARLY;BYYEARDAY=100;BYDAY=FR;COUNT=2", starts: "2026 4/10 2032 4/9" },
  { what: "a time in the gap, daily", start: "20260307T023000", rule: "FREQ=DAILY;COUNT=3", starts: "2026 3/7@02:30 3/8@03:30 3/9@02:30" },
  { what: "a time that occurs twice is its first", start: "20261031T013000", rule: "FREQ=DAILY;COUNT=3", starts: "2026 10/31 11/1,2" },
];

/** Local starts as `YYYYMMDDTHHMMSS`, dates as `YYYYMMDD`. */
export function startsOf({ start, starts, at }: Example): readonly string[] {
  const isDate = start.length === 8;
  const own = isDate ? [""] : (at?.map((time) => time.replace(":", "").padEnd(6, "0")) ?? [start.slice(9)]);
  const out: string[] = [];
  let year = "";
  for (const word of starts.split(" ")) {
    if (!word.includes("/")) {
      year = word;
      continue;
    }
    const [date = "", times] = word.split("@");
    const [month = "", days = ""] = date.split("/");
    const clock = times?.split(",").map((time) => time.replaceAll(":", "").padEnd(6, "0")) ?? own;
    for (const part of days.split(",")) {
      const [first = "", last = first] = part.split("-");
      for (let day = Number(first); day <= Number(last); day++) {
        const on = `${year}${month.padStart(2, "0")}${String(day).padStart(2, "0")}`;
        for (const time of clock) out.push(isDate ? on : `${on}T${time}`);
      }
    }
  }
  return out;
}
