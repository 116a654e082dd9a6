import { fileAddress, html, page, type Markup } from '../text/html.ts';
import { durationInWords, timesIn, type Times } from '../text/times.ts';
import type { OtherAudio, WrittenVoicemail } from './voicemail-export.ts';
import type { WrittenAudio } from './write-audio.ts';

const STYLE = `
.message { padding: 1rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
.message h3 { margin: 0; font-size: 1.05rem; display: flex; justify-content: space-between; gap: 1rem; } .message h3 span { font-weight: 400; white-space: nowrap; }
.message p { margin: .15rem 0; } blockquote { margin: .6rem 0 0; padding: .6rem .9rem; background: var(--soft); border-radius: .7rem; white-space: pre-line; }
audio { width: 100%; margin-top: .6rem; display: block; } .new bdi::before { content: "● "; color: var(--accent); font-size: .7rem; vertical-align: .15em; }
@media print { audio { display: none; } blockquote { border: 1px solid var(--line); } }
`;

/** Messages, the latest first; what was thrown away after the others. */
export function* voicemailPage(
  written: readonly WrittenVoicemail[],
  others: readonly OtherAudio[],
  timeZone: string,
): Generator<string, undefined> {
  const times = timesIn(timeZone);
  const latestFirst = written.toSorted((a, b) => timeOf(b) - timeOf(a));
  const kept = latestFirst.filter(({ voicemail: { state } }) => state === 'new' || state === 'heard');
  const thrown = latestFirst.filter((each) => !kept.includes(each));
  const count = kept.length === 1 ? '1 message' : `${kept.length} messages`;
  yield page(
    { title: 'Voicemail', style: STYLE },
    html`<h1>Voicemail</h1><p class="quiet">${count}. Times are those of ${timeZone}.</p>
${kept.map((each) => message(each, times))}
${thrown.length > 0 && html`<h2>Deleted messages</h2>${thrown.map((each) => message(each, times))}`}
${others.length > 0 && html`<h2>Other recordings</h2>${others.map(other)}`}`,
  );
}

const timeOf = ({ voicemail: { at } }: WrittenVoicemail): number => at?.getTime() ?? 0;

function message({ voicemail, name, audio, transcriptPath }: WrittenVoicemail, times: Times): Markup {
  const { at, state, sender, durationSeconds, trashedAt, transcript } = voicemail;
  const about = [
    sender !== name && sender,
    durationSeconds && durationInWords(durationSeconds),
    trashedAt && `deleted on ${times.moment(trashedAt)}`,
  ];
  return html`<article class="message ${state}"><h3><bdi>${name}</bdi><span class="quiet">${at && times.moment(at)}</span></h3>
<p class="quiet">${about.filter((each) => each).join(' · ')}</p>
${transcript && transcriptPath && html`<blockquote dir="auto">${transcript.text}</blockquote>`}${player(audio)}</article>
`;
}

const other = ({ title, audio }: OtherAudio): Markup =>
  html`<article class="message"><h3>${title}</h3>${player(audio)}</article>`;

function player(audio: WrittenAudio | 'missing' | 'unreadable'): Markup {
  if (audio === 'missing') return html`<p class="quiet">The recording is not in this backup.</p>`;
  if (audio === 'unreadable') return html`<p class="quiet">The recording could not be decrypted.</p>`;
  const original = html`<a href="${fileAddress(audio.path)}">original recording</a>`;
  if (audio.playablePath === undefined) return html`<p class="quiet">${original}</p>`;
  return html`<audio controls preload="none" src="${fileAddress(audio.playablePath)}"></audio><p class="quiet">${original}</p>`;
}

/** The page and the recordings are in one folder. */
