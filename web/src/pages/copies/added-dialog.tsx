import { useMutation } from '@tanstack/react-query';
import { Job, type AddedCopy } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { FormActions } from '../../parts/form.tsx';
import { notify } from '../../parts/notices.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { useSay } from '../../telling/use-formats.ts';
import { copiesWords } from '../../words/copies.ts';
import { copySetUpWords } from '../../words/copy-set-up.ts';
import { useWords } from '../../words/words.ts';
import styles from './standing.module.css';

interface AddedDialogProps {
  readonly added: AddedCopy;
  readonly onClose: () => void;
}

/** What came of adding a copy: its password, shown only now, and what should be known. */
export function AddedDialog({ added: { copy, found, password, warnings }, onClose }: AddedDialogProps) {
  const words = useWords(copySetUpWords);
  const { started } = useWords(copiesWords);
  const say = useSay();
  const run = useMutation({
    mutationFn: () => ask(pathOf('copies', copy.name, 'run'), Job, { method: 'POST', body: {} }),
    onSuccess: () => {
      notify(started(copy.name));
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={password === undefined ? words.added : words.addedPassword}>
      <p>{found ? words.found(copy.name, copy.place) : words.made(copy.name, copy.place)}</p>
      {password !== undefined && (
        <>
          <p className={styles.password}>
            <code>{password}</code>
          </p>
          <p>{words.writeDown}</p>
        </>
      )}
      {warnings.length > 0 && <p>{say(...warnings)}</p>}
      <ProblemNote error={run.error} />
      <FormActions>
        <Button kind="primary" busy={run.isPending} onClick={() => run.mutate()}>
          {password === undefined ? words.fill : words.writtenFill}
        </Button>
        {password !== undefined && <CopyButton text={password} />}
        <Button onClick={onClose}>{words.later}</Button>
      </FormActions>
    </Dialog>
  );
}
