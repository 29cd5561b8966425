import { appointmentBundle } from "./appointment-bundle.ts";
import { appointmentOf } from "./booking-to-appointment.ts";

export default (msg: Record<string, any>): Record<string, any> => appointmentBundle(appointmentOf(msg));
