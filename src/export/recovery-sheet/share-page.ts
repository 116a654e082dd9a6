import { html, page, type Markup } from '../text/html.ts';
import { factList, longDate, PAPER_STYLE } from './paper.ts';

/** One share of a backup password, as it is printed for one person. */
export interface SharePageFacts {
  readonly madeAt: Date;
  readonly product: string;
  readonly deviceName: string;
  readonly model: string;
  readonly udid: string;
  readonly number: number;
  readonly count: number;
  readonly needed: number;
  readonly set: string;
  readonly lines: readonly { readonly number: number; readonly groups: readonly string[]; readonly check: string }[];
  /** Where the versions are; a share is of no use without them. */
  readonly vault: { readonly dir: string; readonly host: string };
}

/** The page of one share: what it is, what to do with it, its code, and how to type that. */
export function sharePage(facts: SharePageFacts): string {
  const { number, count, needed, deviceName, lines } = facts;
  return page(
    { title: `Share ${number} of ${count}: backup password of ${deviceName}`, style: PAPER_STYLE },
    html`<header>
<h1>Share ${number} of ${count}</h1>
<p>of the backup password of <strong>${deviceName}</strong></p>
</header>
<p>You were given this page because somebody trusts you. <strong>Any ${needed} of the ${count} shares</strong> together give the password that opens the backups of this ${facts.model}. ${
      needed === 1
        ? 'This one is enough: keep it as you keep a key.'
        : 'This one alone tells nothing, to nobody: you cannot misuse it by accident, and neither can a thief.'
    }</p>
<p><strong>Keep it</strong> with your own papers. Do not photograph it or send it on. If it is lost or seen by somebody, tell the owner, who can make new ones with another password.</p>
<section class="whole"><h2>The share</h2>
<div class="box"><table class="code"><tbody>${lines.map(codeRow)}</tbody></table></div>
<p class="quiet">There is no letter I, L, O or U in it; 0 is zero, 1 is one. Capital or small does not matter. The first number is that of the line. The last two letters of each line tell whether it was typed right.</p></section>
${factList([
  ['Set', html`${facts.set} <span class="quiet">(the same on every share that belongs with this one)</span>`],
  ['Made on', longDate(facts.madeAt)],
  ['Device', html`<code>${facts.udid}</code>`],
  ['Its backups', html`<code>${facts.vault.dir}</code> on the computer “${facts.vault.host}”`],
])}
<section class="whole"><h2>When the day comes</h2>
<ol>
<li>Meet with the others, so that there are ${needed} shares, and take the recovery sheet if there is one.</li>
<li>On any computer with Holdfast: <code>holdfast recovery-sheet join</code>. Type the lines of each share as they stand; a mistyped line is asked for again. It shows the password.</li>
<li>Without it: the way back is Shamir’s secret sharing over the 256 elements of AES (0x11B), letters in Crockford’s base 32. docs/formats/shares.md of the source of Holdfast describes it and has 50 lines of Python that do it.</li>
</ol></section>
<footer class="quiet">Made by ${facts.product}. Share format 1.</footer>`,
  );
}

function codeRow({ number, groups, check }: SharePageFacts['lines'][number]): Markup {
  return html`<tr><td class="number">${number}</td>${groups.map((group) => html`<td>${group}</td>`)}<td class="check">${check}</td></tr>`;
}
