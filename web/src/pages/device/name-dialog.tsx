import { useState } from 'react';
import type { SnapshotSummary } from '../../../../src/contract/index.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { deviceWords } from '../../words/device.ts';
import { useWords } from '../../words/words.ts';
import { useLabel } from './use-label.ts';

interface NameDialogProps {
  readonly version: SnapshotSummary;
  readonly onClose: () => void;
}

/** Asks what a version is to be called; nothing takes the name away. */
export function NameDialog({ version, onClose }: NameDialogProps) {
  const words = useWords(deviceWords);
  const [name, setName] = useState(version.name ?? '');
  const label = useLabel(version);
  const save = (): void => label.mutate({ name: name.trim() === '' ? null : name.trim() }, { onSuccess: onClose });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.nameTitle}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" busy={label.isPending} onClick={save}>
            {words.save}
          </Button>
        </>
      }
    >
      <Form onSubmit={save}>
        <TextField
          label={words.nameLabel}
          help={words.nameHelp}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.target.value)}
        />
        <ProblemNote error={label.error} />
      </Form>
    </Dialog>
  );
}
