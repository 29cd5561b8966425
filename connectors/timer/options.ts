import { durationMs, durationPattern, EngineError, object, type OptionProblem, type SchedulePlan, type Static, Type, type VerifyTools, weekdays } from "../../engine/sdk/index.ts";

const clockTime = (description: string, example: string) => Type.String({ description, pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", examples: [example] });

export const sourceOptions = object({
  cron: Type.Optional(
    Type.String({ description: "When it is due: minute, hour, day of month, month, day of week; with six fields seconds come first", examples: ["30 6 * * MON-FRI"] }),
  ),
  every: Type.Optional(Type.String({ description: "Or an interval; its moments are the same after every restart", pattern: durationPattern, examples: ["15m"] })),
  timezone: Type.String({ description: "Time zone of cron, window and except", default: "UTC", examples: ["America/New_York"] }),
  window: Type.Optional(
    Type.Object(
      {
        days: Type.Array(Type.Enum([...weekdays]), { description: "Days on which it opens", minItems: 1, examples: [["mon", "tue", "wed", "thu", "fri"]] }),
        from: clockTime("First minute", "07:00"),
        to: clockTime("First minute after it; before from, it is one of the next day", "19:00"),
      },
      { additionalProperties: false, description: "Only within these hours" },
    ),
  ),
  except: Type.Array(Type.String({ description: "Day", format: "date" }), { description: "Days on which nothing is due", default: [], examples: [["2026-12-25"]] }),
  missed: Type.Enum(["skip", "once"], {
    description: "What becomes of moments that passed while the engine stood still: nothing, or one message for all of them",
    default: "skip",
    examples: ["once"],
  }),
  message: Type.Optional(
    Type.String({ description: "Text of each message; without it, JSON with the moment and a number that counts up", minLength: 1, examples: ['{"resourceType":"Parameters"}'] }),
  ),
});
export type SourceOptions = Static<typeof sourceOptions>;

export function planOf({ cron, every, timezone, window, except }: SourceOptions): SchedulePlan {
  return {
    timezone,
    except,
    ...(cron === undefined ? {} : { cron }),
    ...(every === undefined ? {} : { everyMs: durationMs(every) }),
    ...(window === undefined ? {} : { window }),
  };
}

const places: Readonly<Record<string, { readonly path: readonly string[]; readonly message: string; readonly help: string }>> = {
  "SCH-101": { path: [], message: "a timer needs cron or every, and not both", help: 'write cron: "30 6 * * *", or every: 15m' },
  "SCH-102": { path: ["cron"], message: "this cannot be read as a cron expression", help: "five fields: minute hour day-of-month month day-of-week" },
  "SCH-103": { path: ["timezone"], message: "this is no zone of the time zone database", help: "write a name such as America/New_York or UTC" },
};

export function verifySource(options: SourceOptions, { schedule }: VerifyTools): readonly OptionProblem[] {
  try {
    if (schedule(planOf(options)).next(0) !== undefined) return [];
  } catch (error) {
    const place = error instanceof EngineError ? places[error.code] : undefined;
    if (place) return [place];
  }
  return [{ path: [], message: "this timer is never due", help: "look at the schedule, the window and the days that are left out together" }];
}
