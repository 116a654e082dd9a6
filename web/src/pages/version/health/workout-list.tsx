import { Workouts } from '../../../../../src/contract/index.ts';
import { EmptyState } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { healthWords } from '../../../words/health.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { useLength } from '../use-length.ts';
import { When } from '../when.tsx';
import { nameOf } from './name-of.ts';
import styles from './health-page.module.css';

/** Workouts, the newest first. */
export function WorkoutList() {
  const words = useWords(healthWords);
  const format = useFormats();
  const length = useLength();
  return (
    <article className={styles.series}>
      <h2>{words.workouts}</h2>
      <Endless path={['health', 'workouts']} schema={Workouts} empty={<EmptyState title={words.noWorkouts} />}>
        {(workouts) => (
          <ul>
            {workouts.map(({ id, activity, at, durationSeconds, distanceKm, energyKcal, source }) => (
              <li key={id} className={styles.workout}>
                <span className={styles.name}>{nameOf({ name: activity }, words.activities)}</span>
                <span className={styles.figures}>
                  {durationSeconds !== undefined && <span>{length(durationSeconds)}</span>}
                  {distanceKm !== undefined && <span>{format.number(Number(distanceKm.toFixed(1)))} km</span>}
                  {energyKcal !== undefined && <span>{format.number(Math.round(energyKcal))} kcal</span>}
                </span>
                <span className={styles.soft}>
                  {at !== undefined && <When at={at} />}
                  {source !== undefined && (
                    <>
                      {' · '}
                      <bdi>{source}</bdi>
                    </>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Endless>
    </article>
  );
}
