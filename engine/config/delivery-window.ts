/** Hours in which a destination is sent to. `from` and `to` are `HH:MM` in `timezone` (IANA); `to` before `from` crosses midnight. */
export interface DeliveryWindow {
  readonly days: readonly ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
}
