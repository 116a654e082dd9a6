import { useState } from 'react';
import type { HealthSeries, HealthType } from '../../../../../src/contract/index.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { useLanguage } from '../../../words/language.ts';
import { scaleOf } from './scale.ts';
import { tellSpan, tickOf, type Span } from './spans.ts';
import styles from './chart.module.css';

type Points = HealthSeries['points'];

interface ChartProps {
  readonly points: Points;
  readonly by: Span;
  readonly told: HealthType['told'];
  readonly unit: string;
  readonly label: string;
}

const WIDTH = 640;
const HEIGHT = 280;
const LEFT = 52;
const RIGHT = 8;
const TOP = 12;
const BOTTOM = 32;

/** Bars for what adds up; a stroke from the least to the most with the average on it for what does not. */
export function Chart({ points, by, told, unit, label }: ChartProps) {
  const language = useLanguage();
  const format = useFormats();
  const [looked, setLooked] = useState<number>();
  const addsUp = told !== 'average';
  const least = addsUp ? 0 : Math.min(...points.map((point) => point.least ?? point.value));
  const scale = scaleOf(least, Math.max(...points.map((point) => point.most ?? point.value)));
  const step = (WIDTH - LEFT - RIGHT) / points.length;
  const barWidth = Math.max(2, Math.min(28, step * 0.62));
  const x = (index: number): number => LEFT + step * (index + 0.5);
  const y = (value: number): number =>
    HEIGHT - BOTTOM - ((value - scale.from) / (scale.to - scale.from)) * (HEIGHT - TOP - BOTTOM);
  const everyNth = Math.ceil(points.length / 6);
  const shown = points[looked ?? points.length - 1];
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.value} aria-hidden="true">
        {shown && (
          <>
            <strong>
              {format.number(Number(shown.value.toFixed(shown.value >= 100 ? 0 : 1)))} {unit}
            </strong>{' '}
            {tellSpan(shown.day, by, language)}
          </>
        )}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={styles.chart}
        role="img"
        aria-label={label}
        onPointerLeave={() => setLooked(undefined)}
      >
        {scale.ticks.map((tick) => (
          <g key={tick}>
            <line className={styles.line} x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text className={styles.tick} x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {format.number(tick)}
            </text>
          </g>
        ))}
        {points.map((point, index) => (
          <g key={point.day} onPointerEnter={() => setLooked(index)}>
            {/* The whole column answers the pointer. */}
            <rect
              className={styles.column}
              x={x(index) - step / 2}
              y={TOP}
              width={step}
              height={HEIGHT - TOP - BOTTOM}
            />
            {addsUp ? (
              <rect
                className={styles.bar}
                x={x(index) - barWidth / 2}
                y={y(point.value)}
                width={barWidth}
                height={Math.max(1, y(scale.from) - y(point.value))}
                rx={2}
              />
            ) : (
              <>
                <line
                  className={styles.range}
                  x1={x(index)}
                  x2={x(index)}
                  y1={y(point.least ?? point.value)}
                  y2={y(point.most ?? point.value)}
                />
                <circle className={styles.bar} cx={x(index)} cy={y(point.value)} r={Math.min(5, barWidth / 2 + 1)} />
              </>
            )}
            {index % everyNth === 0 && (
              <text className={styles.tick} x={x(index)} y={HEIGHT - 10} textAnchor="middle">
                {tickOf(point.day, by, language)}
              </text>
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}
