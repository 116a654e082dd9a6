import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { Job, type SnapshotSummary } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { classes } from '../../parts/classes.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Menu } from '../../parts/menu.tsx';
import { notify } from '../../parts/notices.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { exactTime, writeDate } from '../../telling/time.ts';
import { useFormats } from '../../telling/use-formats.ts';
import { deviceWords } from '../../words/device.ts';
import { useLanguage } from '../../words/language.ts';
import { useWords } from '../../words/words.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import styles from './timeline.module.css';
import { useLabel } from './use-label.ts';

/** One version: when, how much, what is special about it, and what can be done with it. */
export function VersionRow({ version }: { readonly version: SnapshotSummary }) {
  const words = useWords(deviceWords);
  const language = useLanguage();
  const format = useFormats();
  const [asking, setAsking] = useState<'name' | 'delete'>();
  const label = useLabel(version);
  const verify = useMutation({
    mutationFn: () => ask(pathOf('snapshots', version.id, 'verify'), Job, { method: 'POST', body: { deep: true } }),
    onSuccess: () => notify(words.verifying),
  });
  const at = new Date(version.takenAt);
  const exactly = exactTime(at, language);
  const pin = (pinned: boolean): void =>
    label.mutate({ pinned }, { onSuccess: () => notify(pinned ? words.pinnedNow : words.unpinnedNow) });
  return (
    <li className={styles.row}>
      <Link className={styles.time} href={`/versions/${version.id}`} aria-label={words.open(exactly)}>
        {writeDate(at, language, { hour: '2-digit', minute: '2-digit' })}
      </Link>
      <div>
        {version.name && <p className={styles.name}>{version.name}</p>}
        <p className={styles.what}>
          <span>{words.whole(format.number(version.files), format.bytes(version.bytes))}</span>
          <span>{words.fresh(format.bytes(version.newBytes))}</span>
        </p>
        <ProblemNote error={label.error ?? verify.error} />
      </div>
      <Marks version={version} />
      <Menu
        label={words.moreAbout(exactly)}
        items={[
          version.pinned
            ? { label: words.unpin, icon: 'pin', onSelect: () => pin(false) }
            : { label: words.pin, icon: 'pin', onSelect: () => pin(true) },
          { label: words.rename, icon: 'edit', onSelect: () => setAsking('name') },
          { label: words.verify, icon: 'shield', onSelect: () => verify.mutate() },
          { label: words.remove, icon: 'trash', onSelect: () => setAsking('delete') },
        ]}
      />
      {asking === 'name' && <NameDialog version={version} onClose={() => setAsking(undefined)} />}
      {asking === 'delete' && <DeleteDialog version={version} onClose={() => setAsking(undefined)} />}
    </li>
  );
}

function Marks({ version }: { readonly version: SnapshotSummary }) {
  const words = useWords(deviceWords);
  const format = useFormats();
  const { pinned, encrypted, kind, deepVerifiedAt, deepVerifyProblems = 0 } = version;
  const marks: { icon: IconName; label: string; shown: boolean; wrong?: boolean }[] = [
    { icon: 'pin', label: words.pinned, shown: pinned },
    { icon: 'lock', label: words.encrypted, shown: encrypted },
    { icon: 'unlock', label: words.notEncrypted, shown: !encrypted },
    { icon: 'folder', label: words.imported, shown: kind === 'import' },
    { icon: 'information', label: words.damaged, shown: deepVerifyProblems > 0, wrong: true },
  ];
  return (
    <div className={styles.marks}>
      {deepVerifiedAt !== undefined && deepVerifyProblems === 0 && (
        <span className={styles.mark}>
          <Icon name="shield" size={16} /> {words.proven(format.day(deepVerifiedAt))}
        </span>
      )}
      {marks
        .filter(({ shown }) => shown)
        .map(({ icon, label, wrong = false }) => (
          <span key={icon} className={classes(styles.mark, wrong && styles.wrong)} title={label}>
            <Icon name={icon} size={16} />
            <span className={wrong ? undefined : 'unseen'}>{label}</span>
          </span>
        ))}
    </div>
  );
}
