import { useState } from 'react';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { SwitchField } from '../../../parts/field.tsx';
import { ProblemNote } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import { useSaveZip } from '../take-out/use-save-zip.ts';

interface TakeOutPhotosProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly numbers: () => readonly number[];
  readonly count: number;
}

/** Says what the zip will be before it comes. */
export function TakeOutPhotos({ open, onClose, numbers, count }: TakeOutPhotosProps) {
  const { takeOut: words } = useWords(photosWords);
  const format = useFormats();
  const [asJpeg, setAsJpeg] = useState(false);
  const save = useSaveZip(onClose);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={words.title}
      actions={
        <Button
          kind="primary"
          icon="download"
          busy={save.isPending}
          onClick={() => save.mutate({ what: 'photos', numbers: [...numbers()], asJpeg })}
        >
          {words.go}
        </Button>
      }
    >
      <p>{words.lead(count, format)}</p>
      <SwitchField
        label={words.jpeg}
        help={words.jpegHelp}
        checked={asJpeg}
        onChange={(event) => setAsJpeg(event.target.checked)}
      />
      <p>{words.open}</p>
      <ProblemNote error={save.error} />
    </Dialog>
  );
}
