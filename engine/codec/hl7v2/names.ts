/** Short names of segments and of their fields by number, in our own words; `-` where a field has no use to name. */
const table: Readonly<Record<string, string>> = {
  MSH: "message header|field separator|other delimiters|sending application|sending facility|receiving application|receiving facility|time of message|security|message type|control id|processing id|version|sequence number|continuation|accept ack|application ack|country|character set|language|character set scheme|profile",
  FHS: "file header|field separator|other delimiters|sending application|sending facility|receiving application|receiving facility|time of file|security|file name|comment|control id|reference",
  BHS: "batch header|field separator|other delimiters|sending application|sending facility|receiving application|receiving facility|time of batch|security|batch name|comment|control id|reference",
  BTS: "batch trailer|message count|comment|totals",
  FTS: "file trailer|batch count|comment",
  SFT: "software|vendor|version|product|binary id|information|install date",
  MSA: "acknowledgement|code|control id acknowledged|text|expected sequence|delayed|error condition",
  ERR: "error|code and place|place|HL7 error code|severity|application error code|parameter|diagnostic text|user message",
  EVN: "event|type|recorded|planned|reason|operator|occurred|facility",
  PID: "patient|set id|external id|identifiers|alternate id|name|mother's maiden name|birth date|sex|alias|race|address|county|home phone|work phone|language|marital status|religion|account number|SSN|driver's licence|mother's id|ethnic group|birth place|multiple birth|birth order|citizenship|veteran|nationality|death time|dead|identity unknown|identity reliability|last update|updated by|species|breed|strain|production class|tribal citizenship",
  PD1: "patient details|dependency|living arrangement|primary facility|primary care provider|student|handicap|living will|organ donor|separate bill|duplicate|publicity|protection|protection date",
  NK1: "next of kin|set id|name|relationship|address|phone|work phone|role|start|end|job title|job code|employee number|organization|marital status|sex|birth date",
  PV1: "visit|set id|class|location|admission type|preadmit number|prior location|attending doctor|referring doctor|consulting doctor|service|temporary location|preadmit test|readmission|admit source|ambulatory status|VIP|admitting doctor|patient type|visit number|financial class|charge price|courtesy|credit rating|contract code|contract date|contract amount|contract period|interest|bad debt|bad debt date|bad debt agency|bad debt transfer|bad debt recovered|delete|delete date|discharge disposition|discharged to|diet|facility|bed status|account status|pending location|prior temporary location|admitted|discharged|balance|charges|adjustments|payments|alternate visit id",
  PV2: "visit details|prior pending location|accommodation|admit reason|transfer reason|valuables|valuables location|visit user|expected admit|expected discharge|estimated days|actual days|description|referral source",
  ORC: "order|control|placer number|filler number|group number|status|response flag|timing|parent|transaction time|entered by|verified by|ordering provider|enterer's location|call back phone|effective|reason|organization|device|action by|beneficiary notice|facility|facility address|facility phone|provider address|status modifier",
  OBR: "order detail|set id|placer number|filler number|service|priority|requested|observed|observation end|volume|collector|specimen action|danger code|clinical information|specimen received|specimen source|ordering provider|call back phone|placer field 1|placer field 2|filler field 1|filler field 2|status changed|charge|section|result status|parent result|timing|copies to|parent|transport|reason|interpreter|assistant|technician|transcriptionist|scheduled",
  OBX: "observation|set id|value type|what was observed|sub id|value|units|reference range|abnormal flags|probability|nature of abnormal test|status|range effective|access checks|observed|producer|observer|method|equipment|analysed|-|-|-|performing organization|performing address|medical director",
  NTE: "note|set id|source|comment|type",
  SPM: "specimen|set id|id|parent ids|type|type modifier|additives|collection method|source site|site modifier|collection site|role|amount|grouped count|description|handling|risk|collected|received|expires|available|reject reason|quality|appropriateness|condition",
  TQ1: "timing|set id|quantity|repeat|explicit time|relative time|service duration|start|end|priority|condition|text|conjunction|duration|occurrences",
  AL1: "allergy|set id|type|allergen|severity|reaction|identified",
  DG1: "diagnosis|set id|coding method|code|description|time|type|major category|group|approval|grouper review|outlier type|outlier days|outlier cost|grouper version|priority|clinician",
  PR1: "procedure|set id|coding method|code|description|time|function|minutes|anaesthesiologist|anaesthesia|anaesthesia minutes|surgeon",
  GT1: "guarantor|set id|number|name|spouse|address|home phone|work phone|birth date|sex|type|relationship|SSN",
  IN1: "insurance|set id|plan|company id|company name|company address|contact|phone|group number|group name|employer group|employer|effective|expires|authorization|plan type|insured name|relationship|birth date|insured address|assignment|coordination|priority|admission notice|notice date|eligibility|eligibility date|release code|pre-admit cert|verified|verified by|agreement|billing status|reserve days|delay|company plan|policy number|deductible",
  IN2: "insurance details|employee id|SSN|employer|employer info|mail claim|medicare number|medicaid name|medicaid number",
  MRG: "merge|prior identifiers|prior alternate id|prior account|prior patient id|prior visit|prior alternate visit|prior name",
  RXA: "administration|sub id|number|start|end|code|amount|units|dosage form|notes|administered by|location|per time|strength|strength units|lot|expires|manufacturer|refusal reason|indication|status|action",
  RXR: "route|route|site|device|method",
  RXE: "encoded order|timing|code|minimum|maximum|units|form|instructions|deliver to|substitution|dispense amount|dispense units|refills|provider|verifier|prescription number",
  SCH: "appointment|placer id|filler id|occurrence|group|schedule id|event reason|reason|type|duration|duration units|timing|placer contact|placer phone|placer address|placer location|filler contact|filler phone|filler address|filler location|entered by|enterer phone|enterer location|parent placer|parent filler|status",
  AIS: "appointment service|set id|action|service|start|offset|offset units|duration|duration units|substitution|status",
  AIP: "appointment person|set id|action|person|role|group|start|offset|offset units|duration|duration units|substitution|status",
  AIL: "appointment location|set id|action|location|type|group|start|offset|offset units|duration|duration units|substitution|status",
  RGS: "resource group|set id|action|group",
  TXA: "document|set id|type|presentation|activity time|provider|origination|transcription|edited|originator|authenticator|transcriptionist|unique number|parent number|placer number|filler number|file name|completion|confidentiality|availability",
  FT1: "charge|set id|id|batch|date|posted|type|code|description|alternate description|quantity|amount",
  CTI: "trial|study|phase|time point",
  ROL: "role|instance|action|role|person|begin|end",
  QRD: "query|time|format|priority|id|deferred|deferred time|limit|who|what|department",
  QPD: "query parameters|name|tag",
  DSP: "display data|set id|level|line|break|result id",
};

/** `patient`, for `PID`; undefined for a segment without a name here. */
export function segmentTitle(segment: string): string | undefined {
  return entry(segment)?.[0];
}

/** `birth date`, for `PID`, 7. */
export function fieldName(segment: string, field: number): string | undefined {
  const name = entry(segment)?.[field];
  return name === "-" ? undefined : name;
}

function entry(segment: string): readonly string[] | undefined {
  return Object.hasOwn(table, segment) ? table[segment]?.split("|") : undefined;
}
