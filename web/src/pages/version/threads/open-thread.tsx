import { useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { ZodType } from 'zod';
import { IconButton } from '../../../parts/button.tsx';
import { messagesWords } from '../../../words/messages.ts';
import { useWords } from '../../../words/words.ts';
import { addressIn, useVersion } from '../version.ts';
import { JumpDialog } from './jump-dialog.tsx';
import { TakeOutDialog, type TakeOutFormat } from './take-out-dialog.tsx';
import { ThreadHeader } from './thread-list.tsx';
import { entranceIn, threadQuery, type PartOfThread, type Threaded } from './thread-query.ts';
import { Thread, type ThreadProps } from './thread.tsx';

interface OpenThreadProps<M extends Threaded> extends Pick<ThreadProps<M>, 'renderRow'> {
  readonly kind: 'messages' | 'whatsapp';
  readonly id: string;
  /** Where the conversation is, below its version. */
  readonly path: readonly string[];
  readonly schema: ZodType<PartOfThread<M>>;
  readonly title: string;
  /** What is said below the title; what is not known is left out. */
  readonly facts: readonly (string | false | undefined)[];
  /** Where the months of the conversation are, if they are counted. */
  readonly months?: readonly string[];
  /** It can be taken out in these, the first is suggested. */
  readonly formats: readonly TakeOutFormat[];
}

/** The conversation that was chosen: what it is, its messages, and the ways through it and out of it. */
export function OpenThread<M extends Threaded>(props: OpenThreadProps<M>) {
  const { kind, id, path, schema, title, facts, months, formats, renderRow } = props;
  const words = useWords(messagesWords);
  const version = useVersion();
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const [dialog, setDialog] = useState<'jump' | 'take-out'>();
  const address = addressIn(version.base, kind, id);
  return (
    <>
      <ThreadHeader
        title={title}
        facts={facts.filter((fact) => typeof fact === 'string')}
        actions={
          <>
            <IconButton icon="clock" label={words.jump.title} onClick={() => setDialog('jump')} />
            <IconButton icon="download" label={words.takeOut.title} onClick={() => setDialog('take-out')} />
          </>
        }
      />
      <Thread
        key={search.toString()}
        of={threadQuery(version.id, path, schema, entranceIn(search))}
        label={words.conversation(title)}
        renderRow={renderRow}
      />
      <JumpDialog
        open={dialog === 'jump'}
        onClose={() => setDialog(undefined)}
        {...(months !== undefined && { months })}
        onJump={(entrance) => {
          setDialog(undefined);
          navigate(entrance === '' ? address : `${address}?${entrance}`);
        }}
      />
      <TakeOutDialog
        open={dialog === 'take-out'}
        onClose={() => setDialog(undefined)}
        kind={kind}
        formats={formats}
        conversation={id}
        title={title}
      />
    </>
  );
}
