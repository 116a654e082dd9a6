import { Voicemails, type Voicemail } from '../../../../../src/contract/index.ts';
import { EmptyState } from '../../../parts/states.tsx';
import { peopleWords } from '../../../words/people.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { FileView } from '../file-view.tsx';
import { KindPage } from '../kind-page.tsx';
import { RecordingItem, RecordingNote } from '../recording-item.tsx';

/** What callers left, to be listened to and read. */
export default function VoicemailPage() {
  const { voicemail: words } = useWords(peopleWords);
  return (
    <KindPage title={words.title}>
      <Endless path={['voicemail']} schema={Voicemails} empty={<EmptyState title={words.none} />}>
        {(all) => (
          <ul>
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
  const { from, at, durationSeconds, state, recording, transcript } = voicemail;
  const name = from?.name ?? words.withheld;
  return (
    <RecordingItem
      title={name}
      at={at}
      durationSeconds={durationSeconds}
      facts={<span>{words.states[state]}</span>}
      player={
        recording === undefined ? (
          <RecordingNote>{words.noRecording}</RecordingNote>
        ) : (
          <FileView file={{ ...recording, name: words.from(name) }} />
        )
      }
    >
      {transcript !== undefined && (
        <blockquote dir="auto" aria-label={words.transcript}>
          {transcript}
        </blockquote>
      )}
    </RecordingItem>
  );
}
