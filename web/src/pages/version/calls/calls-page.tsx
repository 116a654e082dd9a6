import { useState } from 'react';
import { Calls, type Call } from '../../../../../src/contract/index.ts';
import { Button } from '../../../parts/button.tsx';
import { classes } from '../../../parts/classes.ts';
import { EmptyState } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { peopleWords } from '../../../words/people.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { KindPage } from '../kind-page.tsx';
import { useLength } from '../use-length.ts';
import { CallSign } from './call-sign.tsx';
import { When } from '../when.tsx';
import styles from './calls-page.module.css';

/** Who called and was called, the newest first. */
export default function CallsPage() {
  const { calls: words } = useWords(peopleWords);
  const [onlyMissed, setOnlyMissed] = useState(false);
  return (
    <KindPage
      title={words.title}
      actions={
        <div role="group" aria-label={words.which} className={styles.which}>
          <Button kind={onlyMissed ? 'quiet' : 'plain'} aria-pressed={!onlyMissed} onClick={() => setOnlyMissed(false)}>
            {words.all}
          </Button>
          <Button kind={onlyMissed ? 'plain' : 'quiet'} aria-pressed={onlyMissed} onClick={() => setOnlyMissed(true)}>
            {words.missedOnly}
          </Button>
        </div>
      }
    >
      <Endless path={['calls']} schema={Calls} empty={<EmptyState title={words.none} />}>
        {(calls) => {
          const shown = onlyMissed ? calls.filter(({ outcome }) => outcome === 'missed') : calls;
          if (shown.length === 0) return <EmptyState title={words.noMissed} />;
          return (
            <ul className={styles.calls}>
              {shown.map((call) => (
                <CallItem key={call.id} call={call} />
              ))}
            </ul>
          );
        }}
      </Endless>
    </KindPage>
  );
}

function CallItem({ call }: { readonly call: Call }) {
  const { calls: words } = useWords(peopleWords);
  const format = useFormats();
  const length = useLength();
  const { people, outcome, medium, at, durationSeconds = 0, location } = call;
  const names = people.length === 0 ? words.withheld : format.list(people.map(({ name }) => name));
  const isReached = (outcome === 'answered' || outcome === 'connected') && durationSeconds >= 1;
  const [only] = people;
  const facts = [
    call.isEmergency && words.emergency,
    words.media[medium],
    people.length === 1 && only?.address !== only?.name && only?.address,
    location,
  ];
  return (
    <li className={styles.call}>
      <span className={classes(styles.sign, outcome === 'missed' && styles.missed)}>
        <CallSign outcome={outcome} />
      </span>
      <span className={styles.who}>
        <span className={classes(styles.name, outcome === 'missed' && styles.missed)} dir="auto">
          {names}
        </span>
        <span className={styles.facts}>{facts.filter((fact) => typeof fact === 'string').join(' · ')}</span>
      </span>
      <span className={styles.when}>
        <span>{at === undefined ? '' : <When at={at} />}</span>
        <span className={styles.facts}>
          {words.outcomes[outcome]}
          {isReached && `, ${length(durationSeconds)}`}
        </span>
      </span>
    </li>
  );
}
