import type { DeidentifyContext } from "../context.ts";
import { date, isUntold } from "../dates.ts";
import { fresh } from "../ids.ts";
import { versions } from "../../../codec/hl7v2/dictionary/index.ts";

/** What stands in MSH-3 of a message that the engine made. */
const application = "SLUICE";
/** MSH-10 has room for 20 characters in most versions. */
const idLength = 20;

const messageTypes = new Set((
  "ACK ADR ADT BAR BPS BRP BRT BTS CCF CCI CCM CCQ CCU CQU CRM CSU DFT DOC DSR EAC EAN EAR EHC ESR ESU INR INU LSR LSU MCF MDM MFD MFK MFN MFQ MFR NMD NMQ NMR OMB OMD OMG OMI OML " +
  "OMN OMP OMS OPL OPR OPU ORA ORB ORD ORF ORG ORI ORL ORM ORN ORP ORR ORS ORU OSM OSQ OSR OUL PEX PGL PIN PMU PPG PPP PPR PPT PPV PRR PTR QBP QCK QCN QRY QSB QSX QVR RAR RAS RCI " +
  "RCL RDE RDR RDS RDY REF RER RGR RGV ROR RPA RPI RPL RPR RQA RQC RQI RQP RRA RRD RRE RRG RRI RSP RTB SCN SDN SDR SIU SLN SLR SMD SQM SQR SRM SRR SSR SSU STC STI SUR TBR TCR TCU UDM VXQ VXR VXU VXX"
).split(" "));
const characterSets = new Set(["ASCII", "8859/1", "8859/15", "UNICODE", "UNICODE UTF-8", "UNICODE UTF-16", "UTF-8"]);
const knownVersions = new Set(versions);
const acknowledgement = new Set(["AL", "ER", "NE", "SU"]);

/** Reads a field of the header as it came: number, component. */
export type HeaderReader = (field: number, component?: number) => string;

/** MSH of the engine's own making, by field number from 3: what kind of message it is, and nothing of who sent it where. */
export function headerOf(read: HeaderReader, context: DeidentifyContext): ReadonlyMap<number, string | readonly string[]> {
  const type = messageTypes.has(read(9)) ? read(9) : "";
  const event = /^[A-Z]\d\d$/.test(read(9, 2)) ? read(9, 2) : "";
  const structure = structureOf(read(9, 3));
  const one = (value: string, of: { has(value: string): boolean }) => (of.has(value) ? value : "");
  return new Map<number, string | readonly string[]>([
    [3, application],
    [7, isUntold("MSH-7", context) ? "" : (date(read(7), context) ?? "")],
    [9, [type, event, structure]],
    [10, fresh(context).slice(0, idLength)],
    [11, /^[DPT]$/.test(read(11)) ? read(11) : "P"],
    [12, one(read(12), knownVersions)],
    [15, one(read(15), acknowledgement)],
    [16, one(read(16), acknowledgement)],
    [18, one(read(18), characterSets)],
  ]);
}

/** `ADT_A01`: a type that is known, and an event. */
function structureOf(text: string): string {
  const [type = "", event, ...rest] = text.split("_");
  const isKnown = messageTypes.has(type) && rest.length === 0 && (event === undefined || /^[A-Z]\d\d$/.test(event));
  return isKnown ? text : "";
}
