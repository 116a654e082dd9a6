import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type LabelChange, SnapshotSummary } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { snapshotsQuery } from '../../api/queries.ts';

/** Changes what is written on a version, and shows it at once. */
export function useLabel(version: SnapshotSummary) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: LabelChange) =>
      ask(pathOf('snapshots', version.id), SnapshotSummary, { method: 'PATCH', body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: snapshotsQuery(version.udid).queryKey }),
  });
}
