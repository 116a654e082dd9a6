import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { HealthSeries, type HealthType } from '../../../../../src/contract/index.ts';
import { Button, IconButton } from '../../../parts/button.tsx';
import { Loaded } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { healthWords } from '../../../words/health.ts';
import { useLanguage } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { Chart } from './chart.tsx';
import { nameOf } from './name-of.ts';
import { tellSpan, type Span } from './spans.ts';
import { unitOf } from './unit-of.ts';
import styles from './health-page.module.css';

const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** How many spans a chart shows at once. */
const SHOWN: Readonly<Record<Span, number>> = { day: 31, week: 26, month: 24 };
const SPANS: readonly Span[] = ['day', 'week', 'month'];

/** One thing that was measured, as a chart and as a table. */
export function SeriesView({ type }: { readonly type: HealthType }) {
  const words = useWords(healthWords);
  const { id } = useVersion();
  const [by, setBy] = useState<Span>('day');
  /** How many spans before the last the chart ends. */
  const [back, setBack] = useState(0);
  const query = useQuery({
    ...contentQuery(id, ['health', 'types', String(type.id)], HealthSeries, { by, timeZone: TIME_ZONE }),
    placeholderData: keepPreviousData,
  });
  return (
    <article className={styles.series}>
      <header>
        <h2>{nameOf(type, words.names)}</h2>
        <p className={styles.soft}>
          {[words.told[type.told], unitOf(type, words.minutesUnit)].filter(Boolean).join(', ')}
        </p>
      </header>
      <div role="group" aria-label={words.by} className={styles.spans}>
        {SPANS.map((span) => (
          <Button
            key={span}
            kind={span === by ? 'plain' : 'quiet'}
            aria-pressed={span === by}
            onClick={() => {
              setBy(span);
              setBack(0);
            }}
          >
            {words.spans[span]}
          </Button>
        ))}
      </div>
      <Loaded query={query} isEmpty={({ points }) => points.length === 0} empty={<p>{words.noPoints}</p>}>
        {(series) => <Window series={series} back={back} onBack={setBack} />}
      </Loaded>
    </article>
  );
}

interface WindowProps {
  readonly series: HealthSeries;
  readonly back: number;
  readonly onBack: (back: number) => void;
}

/** A stretch of the series, as wide as can be read. */
function Window({ series, back, onBack }: WindowProps) {
  const words = useWords(healthWords);
  const language = useLanguage();
  const { points, by, type } = series;
  const width = SHOWN[by];
  const end = Math.max(Math.min(width, points.length), points.length - back);
  const shown = points.slice(Math.max(0, end - width), end);
  const first = shown[0];
  const last = shown.at(-1);
  if (first === undefined || last === undefined) return null;
  const from = tellSpan(first.day, by, language);
  const until = tellSpan(last.day, by, language);
  return (
    <>
      <div className={styles.stretch}>
        <IconButton
          icon="back"
          label={words.earlier}
          disabled={end - width <= 0}
          onClick={() => onBack(points.length - end + width)}
        />
        <p aria-live="polite">{from === until ? from : `${from} – ${until}`}</p>
        <IconButton
          icon="forward"
          label={words.later}
          disabled={end >= points.length}
          onClick={() => onBack(Math.max(0, points.length - end - width))}
        />
      </div>
      <Chart
        points={shown}
        by={by}
        told={type.told}
        unit={unitOf(type, words.minutesUnit)}
        label={words.chartOf(nameOf(type, words.names), from, until)}
      />
      {series.bySource && <p className={styles.soft}>{words.perSource}</p>}
      <Table points={shown} by={by} unit={unitOf(type, words.minutesUnit)} hasRange={type.told === 'average'} />
    </>
  );
}

interface TableProps {
  readonly points: HealthSeries['points'];
  readonly by: Span;
  readonly unit: string;
  readonly hasRange: boolean;
}

function Table({ points, by, unit, hasRange }: TableProps) {
  const words = useWords(healthWords);
  const language = useLanguage();
  const format = useFormats();
  const say = (value: number | undefined): string => (value === undefined ? '' : format.number(rounded(value)));
  return (
    <details className={styles.table}>
      <summary>{words.table}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.when}</th>
            <th scope="col">{unit === '' ? words.value : `${words.value} (${unit})`}</th>
            {hasRange && <th scope="col">{words.least}</th>}
            {hasRange && <th scope="col">{words.most}</th>}
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ day, value, least, most }) => (
            <tr key={day}>
              <th scope="row">{tellSpan(day, by, language)}</th>
              <td>{say(value)}</td>
              {hasRange && <td>{say(least)}</td>}
              {hasRange && <td>{say(most)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** To three figures after the point at most, fewer for large values. */
function rounded(value: number): number {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Number(value.toFixed(digits));
}
