import { Voicemails, type Voicemail } from '../../../../../src/contract/index.ts';
import { EmptyState } from '../../../parts/states.tsx';
import { peopleWords } from '../../../words/people.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { FileView } from '../file-view.tsx';
import { KindPage } from '../kind-page.tsx';
import { useLength } from '../use-length.ts';
import { When } from '../when.tsx';
import styles from './voicemail-page.module.css';

/** What callers left, to be listened to and read. */
export default function VoicemailPage() {
  const { voicemail: words } = useWords(peopleWords);
  return (
    <KindPage title={words.title}>
      <Endless path={['voicemail']} schema={Voicemails} empty={<EmptyState title={words.none} />}>
        {(all) => (
          <ul className={styles.list}>
            {all.map((each) => (
              <Item key={each.id} voicemail={each} />
            ))}
          </ul>
        )}
      </Endless>
    </KindPage>
  );
}

function Item({ voicemail }: { readonly voicemail: Voicemail }) {
  const { voicemail: words } = useWords(peopleWords);
  const length = useLength();
  const { from, at, durationSeconds, state, recording, transcript } = voicemail;
  const name = from?.name ?? words.withheld;
  return (
    <li className={styles.item}>
      <div className={styles.head}>
        <h2 dir="auto">{name}</h2>
        <p className={styles.soft}>
          {at !== undefined && <When at={at} />}
          {durationSeconds !== undefined && <span>{length(durationSeconds)}</span>}
          <span>{words.states[state]}</span>
        </p>
      </div>
      <div className={styles.sound}>
        {recording === undefined ? (
          <p className={styles.soft}>{words.noRecording}</p>
        ) : (
          <FileView file={{ ...recording, name: words.from(name) }} />
        )}
      </div>
      {transcript !== undefined && (
        <blockquote className={styles.transcript} dir="auto" aria-label={words.transcript}>
          {transcript}
        </blockquote>
      )}
    </li>
  );
}
