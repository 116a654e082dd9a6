import { useMutation, useQuery } from '@tanstack/react-query';
import { ForgetPlan, Job, type SnapshotSummary } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { notify } from '../../parts/notices.tsx';
import { Loaded, ProblemNote } from '../../parts/states.tsx';
import { exactTime } from '../../telling/time.ts';
import { useFormats } from '../../telling/use-formats.ts';
import { deviceWords } from '../../words/device.ts';
import { useLanguage } from '../../words/language.ts';
import { useWords } from '../../words/words.ts';

interface DeleteDialogProps {
  readonly version: SnapshotSummary;
  readonly onClose: () => void;
}

/** Shows what deleting a version would take and give back, before anything is done. */
export function DeleteDialog({ version, onClose }: DeleteDialogProps) {
  const words = useWords(deviceWords);
  const format = useFormats();
  const when = exactTime(new Date(version.takenAt), useLanguage());
  const body = { snapshots: [version.id] };
  const plan = useQuery({
    queryKey: ['forget-plan', version.id],
    queryFn: ({ signal }) => ask(pathOf('snapshots', 'forget', 'plan'), ForgetPlan, { method: 'POST', body, signal }),
    enabled: !version.pinned,
    gcTime: 0,
    retry: false,
  });
  const remove = useMutation({
    mutationFn: () => ask(pathOf('snapshots', 'forget'), Job, { method: 'POST', body }),
    onSuccess: () => {
      notify(words.deleting);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.deleteTitle}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          {plan.data && (
            <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
              {words.deleteIt}
            </Button>
          )}
        </>
      }
    >
      {version.pinned ? (
        <p>{words.deletePinned}</p>
      ) : (
        <>
          <p>{words.deleteText(when)}</p>
          <Loaded query={plan} lines={1}>
            {({ freedBytes }) => <p>{freedBytes === 0 ? words.freesNothing : words.frees(format.bytes(freedBytes))}</p>}
          </Loaded>
        </>
      )}
      <ProblemNote error={remove.error} />
    </Dialog>
  );
}
