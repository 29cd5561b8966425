import type { SigningApplication } from "../../config/project.ts";

/** 21 CFR 1311.300: before first use and every two years, and whenever what decides on signing was changed. */
const years = 2;

/** Whether the audit is of the last two years, to the day, and of what runs now. */
export function inForce({ date, isOfThisVersion }: SigningApplication["audit"], now: number): boolean {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return isOfThisVersion && Date.UTC(year, month - 1, day) <= now && now < Date.UTC(year + years, month - 1, day + 1);
}
