/** Style of the console. Light and dark, focus always visible, tables scroll inside their own region. */
export const css = `:root {
  color-scheme: light dark;
  --ink: light-dark(#16202a, #e6edf3); --soft: light-dark(#566472, #9aa8b5); --line: light-dark(#dde3e8, #2c3742);
  --ground: light-dark(#f6f8f9, #0f151b); --sheet: light-dark(#fff, #161e26); --accent: light-dark(#0b5c7a, #6cc3e0);
  --well: light-dark(#1a7a4c, #5cc890); --busy: light-dark(#8a5a00, #e0b050); --trouble: light-dark(#b3261e, #ff8f86);
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 82rem; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; align-items: baseline; gap: .75rem; margin-bottom: 1rem; }
.brand { margin: 0; font-weight: 700; letter-spacing: .04em; color: var(--accent); }
h1 { margin: 0; font-size: 1.25rem; font-weight: 500; }
h2, caption { font-size: 1rem; font-weight: 600; text-align: left; margin: 0; padding: .75rem 1rem; }
caption small { color: var(--soft); font-weight: 400; margin-left: .5rem; }
.verdict { margin: 0 0 1rem; padding: .6rem 1rem; background: var(--sheet); border: 1px solid var(--line); border-left: 4px solid var(--soft); border-radius: 6px; font-weight: 600; }
.verdict.well { border-left-color: var(--well); } .verdict.busy { border-left-color: var(--busy); } .verdict.trouble { border-left-color: var(--trouble); }
.sums { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 0 0 1rem; }
.sums div, .scroll, section { background: var(--sheet); border: 1px solid var(--line); border-radius: 6px; }
.sums div { padding: .6rem 1rem; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
dd .sign { font-size: 1rem; vertical-align: .15em; }
.scroll { overflow-x: auto; margin-bottom: 1rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .4rem .6rem; text-align: left; border-top: 1px solid var(--line); white-space: nowrap; }
th:first-child { padding-left: 1rem; }
thead th { color: var(--soft); font-weight: 500; font-size: .85rem; text-transform: capitalize; }
tbody th { font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.zero { color: var(--soft); }
.sign.well { color: var(--well); } .sign.busy { color: var(--busy); } .sign.trouble { color: var(--trouble); }
tr.trouble th { color: var(--trouble); }
code { font: .85em ui-monospace, monospace; color: var(--soft); }
.walls { list-style: none; margin: 0; padding: 0 1rem .75rem; display: flex; flex-wrap: wrap; gap: .25rem 2rem; }
footer { color: var(--soft); font-size: .85rem; margin-top: 1rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; }
.stale main { opacity: .55; }
`;

/** The only script: takes fresh HTML of \`main\` from the engine's own stream and says so when the stream ends. */
export const liveScript = `const main = document.getElementById("live");
const stream = new EventSource("/live");
stream.addEventListener("overview", (event) => {
  document.body.classList.remove("stale");
  if (main.contains(document.activeElement)) {
    const focused = document.activeElement.getAttribute("aria-labelledby");
    main.innerHTML = event.data;
    main.querySelector('[aria-labelledby="' + focused + '"]')?.focus({ preventScroll: true });
  } else main.innerHTML = event.data;
});
stream.onerror = () => {
  document.body.classList.add("stale");
  // A stream that breaks comes back by itself; one that was refused, because too many pages read already, does not.
  if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
};
`;
