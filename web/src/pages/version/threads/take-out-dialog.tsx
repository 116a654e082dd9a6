import { useState } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { TakeOut } from '../../../../../src/contract/index.ts';
import { ask, pathOf } from '../../../api/api.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { SelectField } from '../../../parts/field.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { ProblemNote } from '../../../parts/states.tsx';
import { messagesWords } from '../../../words/messages.ts';
import { useWords } from '../../../words/words.ts';
import { useVersion } from '../version.ts';
import { SaveLink } from './save-link.tsx';

export type TakeOutFormat = keyof (typeof messagesWords)['en']['takeOut']['formats'];

interface TakeOutDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly kind: 'messages' | 'whatsapp';
  /** Those that the kind has, the first is suggested. */
  readonly formats: readonly TakeOutFormat[];
  readonly conversation: string;
  readonly title: string;
}

const POLL_MS = 700;

/** Takes one conversation out in a format of the reader’s choice. */
export function TakeOutDialog({ open, onClose, kind, formats, conversation, title }: TakeOutDialogProps) {
  const { takeOut: words } = useWords(messagesWords);
  const { id } = useVersion();
  const [format, setFormat] = useState<string | undefined>(formats[0]);
  const start = useMutation({
    mutationFn: () =>
      ask(pathOf('snapshots', id, 'take-out'), TakeOut, {
        method: 'POST',
        body: {
          what: 'kinds',
          kinds: [kind],
          format,
          conversation,
          timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
      }),
  });
  const started = start.data?.id;
  const follow = useQuery({
    queryKey: ['content', id, 'take-out', started],
    queryFn: ({ signal }) => ask(pathOf('snapshots', id, 'take-out', started ?? ''), TakeOut, { signal }),
    enabled: started !== undefined && open,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? POLL_MS : false),
  });
  const takeOut = follow.data ?? start.data;
  const isRunning = start.isPending || takeOut?.state === 'running';
  const close = (): void => {
    start.reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={words.title}
      actions={
        takeOut?.state === 'ready' && takeOut.url !== undefined ? (
          <SaveLink url={takeOut.url} name={takeOut.name} onSaved={close}>
            {words.save}
          </SaveLink>
        ) : (
          <Button kind="primary" icon="download" busy={isRunning} onClick={() => start.mutate()}>
            {words.go}
          </Button>
        )
      }
    >
      <p>
        <bdi>{title}</bdi>. {words.lead}
      </p>
      <SelectField
        label={words.format}
        value={format}
        disabled={isRunning || takeOut !== undefined}
        choices={formats.map((value) => ({ value, label: words.formats[value] }))}
        onChange={(event) => setFormat(event.target.value)}
      />
      <div role="status">
        {isRunning && <Progress label={words.preparing} fraction={takeOut?.fraction} />}
        {takeOut?.state === 'ready' && <p>{words.ready}</p>}
        {takeOut?.state === 'failed' && (
          <p>
            {words.failed}: {takeOut.problem}
          </p>
        )}
      </div>
      <ProblemNote error={start.error ?? follow.error} />
    </Dialog>
  );
}
