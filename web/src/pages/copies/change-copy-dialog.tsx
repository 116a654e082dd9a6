import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CopyPatch, type CopyOverview } from '../../../../src/contract/index.ts';
import { pathOf, tell } from '../../api/api.ts';
import { copiesQuery, statusQuery } from '../../api/queries.ts';
import { useCheck } from '../../forms/use-check.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Form, FormActions } from '../../parts/form.tsx';
import { notify } from '../../parts/notices.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { copySetUpWords } from '../../words/copy-set-up.ts';
import { formWords } from '../../words/forms.ts';
import { partsWords } from '../../words/parts.ts';
import { useWords } from '../../words/words.ts';
import { howOf, patchOf } from './copy-draft.ts';
import { HowFields } from './how-fields.tsx';

interface CopyDialogProps {
  readonly copy: CopyOverview;
  readonly onClose: () => void;
}

/** Changes how a copy is kept; where it is stays. */
export function ChangeCopyDialog({ copy, onClose }: CopyDialogProps) {
  const words = useWords(copySetUpWords);
  const { save: saveWord, saved } = useWords(formWords);
  const { cancel } = useWords(partsWords);
  const client = useQueryClient();
  const [how, setHow] = useState(() => howOf(copy));
  const { errors, submit } = useCheck();
  const save = useMutation({
    mutationFn: (body: CopyPatch) => tell(pathOf('copies', copy.name), { method: 'PATCH', body }),
    onSuccess: async () => {
      await Promise.all([client.invalidateQueries(copiesQuery), client.invalidateQueries(statusQuery)]);
      notify(saved);
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={words.change(copy.name)}>
      <Form onSubmit={() => submit(CopyPatch, patchOf(how), (body) => save.mutate(body))}>
        <HowFields how={how} errors={errors} onChange={(changed) => setHow({ ...how, ...changed })} />
        <ProblemNote error={save.error} />
        <FormActions>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {saveWord}
          </Button>
          <Button onClick={onClose}>{cancel}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}

/** Forgets a copy, and says what stays lying there. */
export function RemoveCopyDialog({ copy: { name, kind, place }, onClose }: CopyDialogProps) {
  const words = useWords(copySetUpWords);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => tell(pathOf('copies', name), { method: 'DELETE' }),
    onSuccess: async () => {
      await Promise.all([client.invalidateQueries(copiesQuery), client.invalidateQueries(statusQuery)]);
      notify(words.removed(name));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={words.removeTitle(name)}
      yes={words.removeIt}
      onYes={() => remove.mutate()}
      onClose={onClose}
      busy={remove.isPending}
      error={remove.error}
    >
      {words.removeText[kind](place)}
    </ConfirmDialog>
  );
}
