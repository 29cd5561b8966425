export { fromJcal, type Jcal, type JcalProperty, toJcal } from "./jcal.ts";
export type { IcalLimits } from "./read.ts";
export { IcalComponent, IcalMessage, isIcalPath, newCalendar, parseIcal } from "./message.ts";
export { componentNames, parameterNames, propertyNames, propertyRow } from "./properties.ts";
export { type Occurrence, occurrences, type Window } from "./recur/index.ts";
