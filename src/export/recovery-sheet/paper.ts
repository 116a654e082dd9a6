/** What the pages look like, which are made to be printed: on A4 and on Letter, in black. */
import { html, type Markup } from '../text/html.ts';

export const PAPER_STYLE = `
@page { margin: 13mm 17mm; }
main { max-width: 44rem; padding-top: 2.5rem; }
header { border-bottom: 2px solid var(--text); padding-bottom: .6rem; margin-bottom: 1.1rem; }
h1 { font-size: 1.75rem; letter-spacing: -.01em; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .45rem; break-after: avoid; }
h3 { font-size: .95rem; margin: .9rem 0 .25rem; break-after: avoid; }
p { margin: .4rem 0; } ol, ul { margin: .35rem 0; padding-left: 1.35rem; } li { margin: .28rem 0; }
.whole { break-inside: avoid; } .quiet { font-size: .9em; }
code { font: .86em/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; background: var(--soft); padding: .08em .3em; border-radius: 3px; overflow-wrap: anywhere; }
code.block { display: block; padding: .45em .7em; margin: .3rem 0; white-space: pre-wrap; }
dl { display: grid; grid-template-columns: minmax(9rem, auto) 1fr; gap: .22rem 1.1rem; margin: .4rem 0; }
dt { color: var(--quiet); } dd { margin: 0; font-weight: 500; }
.box { border: 1.5px solid var(--text); border-radius: 6px; padding: .75rem .95rem; margin: .5rem 0; break-inside: avoid; }
.line { border-bottom: 1px solid var(--text); height: 2.1rem; }
.letters { display: flex; flex-wrap: wrap; gap: .35rem; margin: .3rem 0; }
.letter { border: 1px solid var(--line); border-radius: 4px; min-width: 2.05rem; text-align: center; padding: .12rem .15rem .2rem; }
.letter b { display: block; font: 600 1.25rem/1.35 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre; }
.letter small { display: block; font-size: .6rem; line-height: 1.1; color: var(--quiet); }
.code { border-collapse: separate; border-spacing: 0 .3rem; width: auto; margin: .2rem auto; }
.code td { border: 0; padding: .1rem .55rem; font: 600 1.28rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; letter-spacing: .09em; white-space: nowrap; }
.code .number { color: var(--quiet); font-weight: 400; } .code .check { border-left: 1px solid var(--line); padding-left: .9rem; }
.words dt { color: var(--text); font-weight: 600; } .words dd { font-weight: 400; }
footer { border-top: 1px solid var(--line); margin-top: 1.6rem; padding-top: .5rem; }
@media print { main { padding: 0; } body { font-size: 10pt; line-height: 1.38; } h2 { margin-top: .95rem; } li { margin: .16rem 0; } p { margin: .3rem 0; } dl { gap: .12rem 1.1rem; } footer { margin-top: .8rem; } header { margin-bottom: .8rem; } code { background: none; padding: 0; } code.block { border-left: 2px solid var(--line); padding: .1em .7em; } }
`;

/** "22 November 2026", which is read the same way everywhere. */
export function longDate(date: Date): string {
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}

/** A list of facts; those that are not known are left out. */
export function factList(facts: readonly (readonly [label: string, value: Markup | string | undefined])[]): Markup {
  const known = facts.filter(([, value]) => value !== undefined && value !== '');
  return html`<dl>${known.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
}
