import { clockText, openAlarms, WEEKDAYS, type Alarm } from '../../content/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv } from '../text/csv.ts';
import { html, page } from '../text/html.ts';
import { jsonArray } from '../text/json.ts';

/** Alarms and timers. */
export const alarmsExport: ContentExport = {
  kind: 'alarms',
  title: 'Alarms',
  formats: ['html', 'csv', 'json'],
  run: takeOutAlarms,
};

const COLUMNS = ['kind', 'time', 'label', 'repeats', 'enabled', 'snooze', 'sound', 'bedtime', 'modified', 'id'];
const STYLE = `td { vertical-align: middle; } .clock { width: 8rem; font-size: 1.6rem; font-weight: 300; line-height: 1.2; } .off { color: var(--quiet); } td.state { text-align: right; padding-right: 0; }`;

async function takeOutAlarms({ backup, folder, format }: ExportRequest): Promise<ExportSummary | undefined> {
  const found = await openAlarms(backup);
  if (found === undefined) return undefined;
  const { alarms, timers } = found;
  let startPage: string | undefined;
  if (format === 'csv') {
    const rows = [
      ...alarms.map((each) => [
        each.kind,
        clockText(each.hour, each.minute),
        each.label,
        repeatWords(each),
        each.isEnabled,
        each.allowsSnooze,
        each.sound,
        each.bedtime && clockText(each.bedtime.hour, each.bedtime.minute),
        each.modifiedAt,
        each.key,
      ]),
      ...timers.map((each) => [
        'timer',
        durationWords(each.durationSeconds),
        each.label,
        '',
        undefined,
        undefined,
        each.sound,
        undefined,
        each.modifiedAt,
        each.key,
      ]),
    ];
    await folder.write(['Alarms.csv'], csv(COLUMNS, rows));
  } else if (format === 'json') {
    await folder.write(
      ['Alarms.json'],
      jsonArray([...alarms, ...timers.map((timer) => ({ ...timer, kind: 'timer' }))]),
    );
  } else {
    const content = html`<h1>Alarms</h1>
<table><tbody>${alarms.map(alarmRow)}</tbody></table>
${timers.length > 0 && html`<h2>Timers</h2><table><tbody>${timers.map(({ label, durationSeconds }) => html`<tr><td class="clock">${durationWords(durationSeconds)}</td><td>${label}</td></tr>`)}</tbody></table>`}`;
    startPage = (await folder.write(['Alarms.html'], page({ title: 'Alarms', style: STYLE }, content))).path;
  }
  return { items: alarms.length + timers.length, notes: [], ...(startPage !== undefined && { startPage }) };
}

function alarmRow(alarm: Alarm): ReturnType<typeof html> {
  const isOff = alarm.isEnabled === false;
  const what = [alarm.kind === 'sleep' && 'Wake up', alarm.label].filter(Boolean).join(' · ');
  const more = [
    repeatWords(alarm),
    alarm.bedtime && `bedtime ${clockText(alarm.bedtime.hour, alarm.bedtime.minute)}`,
  ].filter(Boolean);
  return html`<tr><td class="clock${isOff ? ' off' : ''}">${clockText(alarm.hour, alarm.minute) || '–'}</td><td><span dir="auto">${what}</span> <span class="quiet">${more.join(' · ')}</span></td><td class="state quiet">${isOff ? 'off' : alarm.isEnabled === true ? 'on' : ''}</td></tr>`;
}

const NAMES = { MO: 'Mon', TU: 'Tue', WE: 'Wed', TH: 'Thu', FR: 'Fri', SA: 'Sat', SU: 'Sun' } as const;

function repeatWords({ repeats }: Alarm): string {
  if (repeats === undefined) return '';
  const days = repeats.join();
  if (days === '') return 'once';
  if (repeats.length === 7) return 'every day';
  if (days === WEEKDAYS.slice(0, 5).join()) return 'on weekdays';
  return days === 'SA,SU' ? 'at weekends' : repeats.map((day) => NAMES[day]).join(', ');
}

/** "1:05:00" */
function durationWords(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  const total = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return `${hours > 0 ? `${hours}:` : ''}${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(rest).padStart(2, '0')}`;
}
