import { fileAddress, html, page, type Markup } from '../text/html.ts';
import { durationInWords, timesIn, type Times } from '../text/times.ts';
import type { WrittenMemo } from './voice-memos-export.ts';

const STYLE = `
.memo { padding: 1rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
.memo h3 { margin: 0; font-size: 1.05rem; } .memo p { margin: .15rem 0; }
audio { width: 100%; margin-top: .6rem; display: block; }
blockquote { margin: .6rem 0 0; padding: .6rem .9rem; background: var(--soft); border-radius: .7rem; white-space: pre-line; }
@media print { audio { display: none; } blockquote { border: 1px solid var(--line); } }
`;

/** All recordings, the latest first, by folders where there are some; what was thrown away at the end. */
export function* memosPage(written: readonly WrittenMemo[], timeZone: string): Generator<string, undefined> {
  const times = timesIn(timeZone);
  const groups = Map.groupBy(written, ({ memo }) => (memo.deletedAt ? 'Recently Deleted' : (memo.folder ?? '')));
  const order = [...groups.keys()].toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  const count = written.length === 1 ? '1 recording' : `${written.length} recordings`;
  yield page(
    { title: 'Voice memos', style: STYLE },
    html`<h1>Voice memos</h1><p class="quiet">${count}. Times are those of ${timeZone}.</p>
${order.map((name) => html`${name !== '' && html`<h2 dir="auto">${name}</h2>`}${groups.get(name)?.map((each) => memoMarkup(each, times))}`)}`,
  );
}

const rank = (group: string): number => (group === '' ? 0 : group === 'Recently Deleted' ? 2 : 1);

function memoMarkup({ memo, audio, transcript, transcriptPath }: WrittenMemo, times: Times): Markup {
  const about = [
    memo.recordedAt && times.moment(memo.recordedAt),
    memo.durationSeconds && durationInWords(memo.durationSeconds),
    memo.deletedAt && `deleted on ${times.moment(memo.deletedAt)}`,
  ];
  return html`<article class="memo"><h3 dir="auto">${memo.title ?? memo.fileName ?? 'Recording'}</h3>
<p class="quiet">${about.filter(Boolean).join(' · ')}</p>${player(audio)}
${transcript && html`<blockquote dir="auto">${transcript.text}</blockquote>`}
${transcriptPath && html`<p class="quiet"><a href="${fileAddress(transcriptPath)}">transcript as text</a></p>`}</article>
`;
}

function player(audio: WrittenMemo['audio']): Markup {
  if (audio === 'missing') return html`<p class="quiet">The recording is not in this backup.</p>`;
  if (audio === 'unreadable') return html`<p class="quiet">The recording could not be decrypted.</p>`;
  return html`<audio controls preload="none" src="${fileAddress(audio.path)}"></audio>`;
}
