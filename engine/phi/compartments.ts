/** What a class may name beside its level (phi.md 1.3); the sentence says what stands behind the word. */
export const compartments: Readonly<Record<string, string>> = {
  part2: "records of a substance use disorder program, 42 CFR Part 2",
  "sud-counseling-notes": "counseling notes of such a program",
  "psychotherapy-notes": "notes a therapist keeps apart from the chart",
  behavioral: "mental health under state law",
  hiv: "HIV results and care",
  sti: "sexually transmitted infections",
  genetic: "genetic tests",
  reproductive: "reproductive health",
  "minor-confidential": "services a minor may consent to alone",
  violence: "abuse and violence",
  "self-pay": "paid in full by the patient, never to the health plan",
  title38: "protected records of veterans",
  vip: "persons the facility protects by policy",
  employee: "the facility's own employees",
  pan: "payment card numbers",
  secret: "credentials",
};

/** No agreement of any basis reaches these. */
export const ungrantable: readonly string[] = ["pan", "secret"];
