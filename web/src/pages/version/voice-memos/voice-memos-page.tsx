import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { VoiceMemos, VoiceMemoTranscript, type VoiceMemo } from '../../../../../src/contract/index.ts';
import { Icon } from '../../../parts/icon.tsx';
import { EmptyState, Loaded } from '../../../parts/states.tsx';
import { versionWords } from '../../../words/version.ts';
import { voiceMemosWords } from '../../../words/voice-memos.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { FileView } from '../file-view.tsx';
import { KindPage } from '../kind-page.tsx';
import { RecordingItem, RecordingNote } from '../recording-item.tsx';
import { placeIn } from '../use-wanted.ts';
import { contentAddress, contentQuery, fileAddress } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import styles from './voice-memos-page.module.css';

/** What was recorded, to be listened to, read and taken out. */
export default function VoiceMemosPage() {
  const { kinds } = useWords(versionWords);
  const words = useWords(voiceMemosWords);
  const [search] = useSearchParams();
  const wanted = placeIn(search);
  return (
    <KindPage title={kinds['voice-memos']}>
      <Endless path={['voice-memos']} schema={VoiceMemos} wanted={wanted} empty={<EmptyState title={words.none} />}>
        {(all) => (
          <ul>
            {all.map((memo, n) => (
              <Item key={memo.id} memo={memo} isWanted={n === wanted} />
            ))}
          </ul>
        )}
      </Endless>
    </KindPage>
  );
}

interface ItemProps {
  readonly memo: VoiceMemo;
  readonly isWanted: boolean;
}

function Item({ memo, isWanted }: ItemProps) {
  const words = useWords(voiceMemosWords);
  const { id, at, durationSeconds, folder, deletedAt, recording } = memo;
  const title = memo.title === '' ? words.noTitle : memo.title;
  const facts = (
    <>
      {folder !== undefined && (
        <span>
          <Icon name="folder" size={14} /> <bdi>{folder}</bdi>
        </span>
      )}
      {deletedAt !== undefined && <span>{words.deleted}</span>}
    </>
  );
  return (
    <RecordingItem
      title={title}
      at={at}
      durationSeconds={durationSeconds}
      facts={facts}
      player={
        recording?.file === undefined ? (
          <RecordingNote>{words.noRecording}</RecordingNote>
        ) : (
          <Sound id={id} title={title} recording={recording} file={recording.file} />
        )
      }
      isWanted={isWanted}
    >
      {recording !== undefined && <Transcript id={id} isOpen={isWanted} />}
    </RecordingItem>
  );
}

interface SoundProps {
  readonly id: string;
  readonly title: string;
  readonly recording: NonNullable<VoiceMemo['recording']>;
  readonly file: string;
}

function Sound({ id, title, recording, file }: SoundProps) {
  const words = useWords(voiceMemosWords);
  const version = useVersion();
  const original = contentAddress(version.id, ['voice-memos', id, 'recording']);
  const view = fileAddress(version.id, file, 'view');
  return (
    <FileView
      file={{ ...recording, name: title }}
      addresses={{ original, view, thumbnail: view }}
      beside={
        <a className={styles.save} href={original} download aria-label={words.takeOut(title)}>
          <Icon name="download" />
        </a>
      }
    />
  );
}

/** Read when it is opened: it stands in the recording. */
function Transcript({ id, isOpen }: { readonly id: string; readonly isOpen: boolean }) {
  const words = useWords(voiceMemosWords);
  const version = useVersion();
  const [isWanted, setWanted] = useState(isOpen);
  const query = useQuery({
    ...contentQuery(version.id, ['voice-memos', id, 'transcript'], VoiceMemoTranscript),
    enabled: isWanted,
  });
  return (
    <details className={styles.transcript} open={isWanted} onToggle={({ currentTarget: { open } }) => setWanted(open)}>
      <summary>{words.transcript}</summary>
      {isWanted && (
        <Loaded query={query} lines={1}>
          {({ text }) =>
            text === undefined || text === '' ? (
              <RecordingNote>{text === undefined ? words.noTranscript : words.silence}</RecordingNote>
            ) : (
              <blockquote dir="auto">{text}</blockquote>
            )
          }
        </Loaded>
      )}
    </details>
  );
}
