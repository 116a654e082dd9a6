import type { Call } from '../../content/index.ts';
import { html, pageEnd, pageStart, type Markup } from '../text/html.ts';
import { durationInWords, timesIn, type Times } from '../text/times.ts';
import type { NamedCall } from './calls-export.ts';
import { MEDIA_IN_WORDS, OUTCOMES_IN_WORDS } from './words.ts';

const STYLE = `
h2 { font-size: .95rem; font-weight: 600; color: var(--quiet); border-bottom: 1px solid var(--line); padding-bottom: .35rem; margin-top: 2.25rem; }
.call { display: grid; grid-template-columns: 3.2rem 1.6rem 1fr auto; gap: 0 .6rem; padding: .5rem 0; border-bottom: 1px solid var(--line); align-items: baseline; break-inside: avoid; }
.call p { margin: 0; } .who { font-weight: 500; } .way { color: var(--quiet); text-align: center; }
.missed .who, .missed .way { color: #d70015; } .spent { text-align: right; }
@media (prefers-color-scheme: dark) { .missed .who, .missed .way { color: #ff6961; } }
@media print { .missed .who { color: #000; text-decoration: underline; } }
`;

/** Calls day by day, the latest first, as the phone lists them. */
export function* callsPage(calls: Iterable<NamedCall>, timeZone: string): Generator<string, undefined> {
  const times = timesIn(timeZone);
  const latestFirst = [...calls].toReversed();
  yield pageStart({ title: 'Calls', style: STYLE });
  yield html`<h1>Calls</h1><p class="quiet">${summary(latestFirst)}. Times are those of ${timeZone}.</p>\n`.text;
  let day: string | undefined;
  for (const each of latestFirst) {
    const ofDay = each.call.at === undefined ? 'Day not known' : times.day(each.call.at);
    if (ofDay !== day) yield html`<h2>${ofDay}</h2>\n`.text;
    day = ofDay;
    yield row(each, times).text;
  }
  yield pageEnd;
}

function summary(calls: readonly NamedCall[]): string {
  const missed = calls.filter(({ call }) => call.outcome === 'missed').length;
  const counted = calls.length === 1 ? '1 call' : `${calls.length} calls`;
  return missed === 0 ? counted : `${counted}, ${missed} missed`;
}

function row({ call, names }: NamedCall, times: Times): Markup {
  const numbers = call.participants.map(({ address }) => address).filter((address) => !names.includes(address));
  const kind = call.medium === 'app' ? (call.provider ?? 'app') : MEDIA_IN_WORDS[call.medium];
  const about = [kind, ...(numbers.length > 0 ? [numbers.join(', ')] : []), call.location, call.junkCategory];
  const isMissed = call.outcome === 'missed' || call.outcome === 'blocked';
  return html`<div class="call${isMissed && ' missed'}">
<span class="quiet">${call.at && times.time(call.at)}</span><span class="way" title="${call.direction}">${arrow(call)}</span>
<div><p class="who" dir="auto">${names.join(', ')}</p><p class="quiet">${about.filter((each) => each).join(' · ')}</p></div>
<span class="quiet spent">${spent(call)}</span>
</div>
`;
}

const arrow = ({ direction }: Call): string => (direction === 'outgoing' ? '↗' : '↙');

function spent({ outcome, durationSeconds }: Call): string {
  if (outcome === 'answered' || outcome === 'connected') return durationInWords(durationSeconds ?? 0);
  return OUTCOMES_IN_WORDS[outcome];
}
