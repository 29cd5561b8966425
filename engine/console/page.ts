import { html } from "hono/html";
import { when } from "../phi/index.ts";
import type { EngineStatus } from "../runtime/operations.ts";
import { ends } from "../store/store.ts";
import { ageText, laneRows, signs, sizeText, totals, type LaneRow, type Tone } from "./presenter.ts";

/** The whole page; complete without script, which only keeps `main` fresh. Node runs no JSX, so it is a tagged template. */
export function page(status: EngineStatus) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${status.name} · Sluice</title>
<link rel="stylesheet" href="/console.css">
<script src="/live.js" type="module"></script>
<noscript><meta http-equiv="refresh" content="5"></noscript>
</head>
<body>
<a class="skip" href="#lanes">Skip to the lanes</a>
<header><p class="brand">Sluice</p><h1>${status.name}</h1></header>
<main id="live">${overview(status)}</main>
<footer>Read-only. Counts, names and codes; never the content of a message. The same as data: <a href="/api/status">/api/status</a>. What may cross to whom: <a href="/map.svg">the boundary map</a></footer>
</body>
</html>`;
}

/** What changes: the part that the live stream replaces. */
export function overview(status: EngineStatus) {
  const sums = totals(status);
  const rows = laneRows(status);
  const closed = status.channels.filter((channel) => !channel.source.open).length;
  const troubled = closed + rows.filter((row) => row.tone === "trouble").length;
  return html`
<p class="verdict ${verdictTone(status, troubled)}" role="status">${mark(verdictTone(status, troubled))} ${verdict(status, troubled)}</p>
${emergencies(status)}${endingSoon(status)}
<dl class="sums">
${sum("In flight", String(sums.depth))}
${sum("Oldest in flight", ageText(sums.oldestMs))}
${sum("Held", String(sums.held), sums.held > 0 ? "trouble" : undefined)}
${sum("In memory", sizeText(status.heldBytes))}
${sum("Messages received", String(sums.received))}
${sum("Conservation gap", String(sums.gap), sums.gap === 0 ? "well" : "trouble")}
</dl>
${lanes(rows)}
${work(status)}
${jobs(status)}
${channels(status)}
${walls(status)}`;
}

function verdictTone(status: EngineStatus, troubled: number): Tone {
  if (!status.ready || status.conservationGap !== 0) return "trouble";
  return troubled > 0 ? "busy" : "well";
}

function verdict(status: EngineStatus, troubled: number): string {
  if (!status.ready) return `Not ready${status.code ? `: ${status.code}` : ""}`;
  if (status.conservationGap !== 0) return "The books do not balance: messages are unaccounted for";
  if (troubled > 0) return troubled === 1 ? "1 lane or source needs a look" : `${troubled} lanes or sources need a look`;
  return "Running, nothing needs you";
}

/** Loud: as long as somebody's word stands in place of an agreement, everybody who looks sees it. */
function emergencies(status: EngineStatus) {
  return status.breakGlass.map(({ id, lane, state, requestedBy, approvedBy, until, used, messages, review }) =>
    state === "over"
      ? html`<p class="verdict busy">${mark("busy")} The review of emergency access ${id} to ${lane} is ${review}</p>`
      : html`<p class="verdict trouble" role="alert">${mark("trouble")} Emergency access ${id} to ${lane}: ${
          state === "active" ? `open until ${until}, asked for by ${requestedBy}, approved by ${approvedBy}, ${used} of ${messages} messages` : `asked for by ${requestedBy}, waits for a second person`
        }</p>`,
  );
}

/** Lanes that stop unless somebody renews. */
function endingSoon(status: EngineStatus) {
  return status.endings.map(
    (each) => html`<p class="verdict busy">${mark("busy")} ${each.channel}/${each.destination}: the agreement ${each.agreement} with ${each.partner} ends on ${each.lastDay}, ${when(each)}</p>`,
  );
}

function sum(label: string, value: string, tone?: Tone) {
  return html`<div class="${tone ?? ""}"><dt>${label}</dt><dd>${tone ? mark(tone) : ""} ${value}</dd></div>`;
}

function mark(tone: Tone) {
  return html`<span class="sign ${tone}" aria-hidden="true">${signs[tone]}</span>`;
}

function lanes(rows: readonly LaneRow[]) {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="lanes"><table>
<caption id="lanes">Lanes <small>one per destination, trouble on top; a message moves strictly in its lane's order</small></caption>
<thead><tr><th scope="col">Lane</th><th scope="col">Partner</th><th scope="col">State</th><th scope="col" class="n">Depth</th><th scope="col" class="n">Oldest</th><th scope="col" class="n">Rate</th>
${ends.map((end) => html`<th scope="col" class="n">${end}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr class="${row.tone}"><th scope="row">${row.lane}</th><td>${row.partner}</td>
<td>${mark(row.tone)} ${row.state}${row.code ? html` <code>${row.code}</code>` : ""}</td>
<td class="n">${row.depth}${row.held > 0 ? html` <small>(${row.held} held)</small>` : ""}</td><td class="n">${ageText(row.oldestMs)}</td><td class="n ${row.rate === 0 ? "zero" : ""}">${row.rate}/s</td>
${ends.map((end) => html`<td class="n ${row.ends[end] === 0 ? "zero" : ""}">${row.ends[end]}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function work(status: EngineStatus) {
  if (status.work.length === 0) return "";
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="work"><table>
<caption id="work">Work lists <small>what waits for a person; told and closed with <code>sluice work</code></small></caption>
<thead><tr><th scope="col">List</th><th scope="col">Owner</th><th scope="col" class="n">Open</th><th scope="col" class="n">Oldest</th></tr></thead>
<tbody>${status.work.map(
    ({ list, owner, open, oldestAt }) => html`<tr class="trouble"><th scope="row">${mark("trouble")} ${list}</th><td>${owner}</td><td class="n">${open}</td><td class="n">${ageText(status.now - oldestAt)}</td></tr>`,
  )}</tbody></table></div>`;
}

function jobs(status: EngineStatus) {
  if (status.jobs.length === 0) return "";
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="jobs"><table>
<caption id="jobs">Bulk work <small>retries, replays and what people gave up, of this hour; steered with <code>sluice dead jobs</code></small></caption>
<thead><tr><th scope="col">Job</th><th scope="col">What</th><th scope="col">State</th><th scope="col" class="n">Done</th><th scope="col" class="n">Of</th><th scope="col" class="n">Rate</th><th scope="col">By</th></tr></thead>
<tbody>${status.jobs.map((job) => {
    const tone = jobTone(job.state);
    return html`<tr class="${tone}"><th scope="row">${job.id}</th><td>${job.to ? `${job.kind} to ${job.to.join(", ")}` : job.kind}</td>
<td>${mark(tone)} ${job.state}${job.code ? html` <code>${job.code}</code>` : ""}</td><td class="n">${job.done}</td><td class="n">${job.total}</td>
<td class="n">${job.perSecond === undefined ? "–" : `${job.perSecond}/s`}</td><td>${job.by}</td></tr>`;
  })}</tbody></table></div>`;
}

function jobTone(state: EngineStatus["jobs"][number]["state"]): Tone {
  if (state === "done") return "well";
  return state === "failed" || state === "interrupted" ? "trouble" : "busy";
}

function channels(status: EngineStatus) {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="channels"><table>
<caption id="channels">Channels <small>where messages come in</small></caption>
<thead><tr><th scope="col">Channel</th><th scope="col">From</th><th scope="col">Connector</th><th scope="col" class="n">Port</th><th scope="col">Source</th><th scope="col" class="n">Received</th><th scope="col">Revision</th></tr></thead>
<tbody>${status.channels.map((channel) => {
    const tone: Tone = channel.source.open ? "well" : channel.drained ? "busy" : "trouble";
    return html`<tr class="${tone}"><th scope="row">${channel.channel}</th><td>${channel.source.partner}</td><td>${channel.source.connector}</td>
<td class="n">${channel.source.port ?? "–"}</td><td>${mark(tone)} ${channel.source.open ? (channel.source.port === undefined ? "running" : "listening") : channel.drained ? "closed by a person" : "closed"}</td>
<td class="n">${channel.received}</td><td><code>${channel.revision.slice(0, 12)}</code></td></tr>`;
  })}</tbody></table></div>`;
}

const wallNames = {
  isolate: "an isolate for each channel",
  process: "a process that holds no secret",
  permission: "no files, no child processes",
  network: "no network",
} as const;

function walls(status: EngineStatus) {
  return html`<section aria-labelledby="walls"><h2 id="walls">Walls around transform code</h2><ul class="walls">
${Object.entries(wallNames).map(([wall, text]) => {
    const stands = status.walls[wall as keyof typeof wallNames];
    return html`<li>${mark(stands ? "well" : "trouble")} ${text}: ${stands ? "stands" : "missing"}</li>`;
  })}</ul></section>`;
}
