import { html, page, type Markup } from '../../export/index.ts';
import type { CheckupState, Verdict } from '../../contract/index.ts';
import type { LineView, ReportView } from './view.ts';

/** A shape beside every word: nothing is told by colour alone. */
const MARKS: Readonly<Record<CheckupState, string>> = { proven: '✓', repaired: '↺', failed: '✗', unproven: '?' };
const VERDICT_MARKS: Readonly<Record<Verdict, string>> = { safe: '✓', attention: '!', 'at-risk': '✗', unknown: '?' };

const STYLE = `
:root { --good: #1b7f4b; --fair: #9a5b00; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --good: #5fce95; --fair: #f0b45c; --bad: #ff8a80; } }
@page { margin: 14mm 16mm; }
main { max-width: 48rem; }
header { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1.1rem; align-items: start; padding: 1.1rem 1.25rem; margin: 1rem 0 1.4rem; border: 1.5px solid currentColor; border-radius: 10px; break-inside: avoid; }
header .mark { grid-row: span 2; font-size: 2rem; line-height: 1.1; font-weight: 700; }
header .word { font-size: 1.5rem; font-weight: 700; line-height: 1.25; } header .why { color: var(--text); }
.safe, .proven { color: var(--good); } .attention, .repaired { color: var(--fair); } .at-risk, .failed { color: var(--bad); } .unknown, .unproven { color: var(--quiet); }
.counts { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; padding: 0; margin: .6rem 0; } .counts b { font-size: 1.15rem; }
h2 { margin-top: 1.7rem; break-after: avoid; } h3 { font-size: 1rem; margin: 1.35rem 0 .2rem; break-after: avoid; }
ol { padding-left: 1.4rem; } ol li { margin: .35rem 0; }
.line { display: grid; grid-template-columns: 7.6rem 1fr; gap: 0 .8rem; padding: .5rem 0; border-top: 1px solid var(--line); break-inside: avoid; }
.line.long { break-inside: auto; } .line > b { font-weight: 600; font-size: .95em; padding-top: .05rem; } .line p { margin: 0; }
.line ul { margin: .25rem 0 0; padding-left: 1.1rem; color: var(--quiet); font-size: .9em; } .line .next { font-size: .92em; margin-top: .2rem; }
code { font: .86em/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; background: var(--soft); padding: .08em .3em; border-radius: 3px; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: .22rem 1.1rem; font-size: .9rem; } dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
footer { border-top: 1px solid var(--line); margin-top: 1.8rem; padding-top: .2rem; }
@media (max-width: 34rem) { .line { grid-template-columns: 1fr; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .3rem; } }
@media print { :root { --good: #0b5c33; --fair: #6e4100; --bad: #8c1710; } body { font-size: 10pt; line-height: 1.4; } header { margin: .4rem 0 .8rem; padding: .7rem .9rem; } h2 { margin-top: 1.1rem; } code { background: none; padding: 0; } }
`;

/** A report as a page that needs nothing else: to read, to send, to print. */
export function htmlReport(view: ReportView, language: 'en' | 'de'): string {
  const { labels, verdict, counts, steps, sections, facts } = view;
  return page(
    { title: `${view.title}: ${view.verdictWord}`, language, style: STYLE },
    html`<h1>${view.title}</h1>
<p class="quiet">${view.made.join(' ')}</p>
${verdictBox(view, verdict)}
<ul class="counts">${counts.map(
      ([state, count, word]) => html`<li class="${state}">${MARKS[state]} <b>${count}</b> ${word}</li>`,
    )}</ul>
${
  steps.length === 0
    ? undefined
    : html`<section><h2>${labels.toDo}</h2><ol>${steps.map((step) => html`<li>${withCode(step)}</li>`)}</ol></section>`
}
<section><h2>${labels.inDetail}</h2>
<p class="quiet">${labels.unprovenMeans}</p>
${sections.map(({ title, lines }) => html`<h3>${title}</h3>${lines.map((line) => lineMarkup(line, view))}`)}
</section>
<footer><h2>${labels.about}</h2>
<dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
<p class="quiet">${withCode(labels.howToProve)}</p></footer>`,
  );
}

function verdictBox({ verdictWord, summary }: ReportView, verdict: Verdict): Markup {
  return html`<header class="${verdict}"><span class="mark" aria-hidden="true">${VERDICT_MARKS[verdict]}</span>
<span class="word">${verdictWord}</span><span class="why">${summary}</span></header>`;
}

function lineMarkup({ state, stateWord, subject, text, details, steps }: LineView, { labels }: ReportView): Markup {
  return html`<div class="line${details.length > 8 ? ' long' : ''}"><b class="${state}">${MARKS[state]} ${stateWord}</b>
<div><p>${subject === undefined ? undefined : html`<strong>${subject}:</strong> `}${withCode(text)}</p>
${details.length === 0 ? undefined : html`<ul>${details.map((detail) => html`<li>${withCode(detail)}</li>`)}</ul>`}
${steps.length === 0 ? undefined : html`<p class="next">${labels.next} ${steps.map((step) => html`${withCode(step)} `)}</p>`}</div></div>`;
}

/** What stands between backticks is to be typed. */
function withCode(text: string): Markup {
  return html`${text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
