import { useState } from 'react';
import { Link } from 'wouter';
import { Folder } from '../../../../../src/contract/index.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { EmptyState, ProblemNote } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { filesWords } from '../../../words/files.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { useSaveZip } from '../take-out/use-save-zip.ts';
import { addressIn, useVersion } from '../version.ts';
import { FileTable } from './file-table.tsx';
import styles from './files.module.css';

interface FolderViewProps {
  readonly domain: string;
  readonly folders: readonly string[];
  /** What the part is called that the folder is in. */
  readonly title: string;
}

/** One folder: where it is, what is in it, and a way to take all of it out. */
export function FolderView({ domain, folders, title }: FolderViewProps) {
  const words = useWords(filesWords);
  const { base } = useVersion();
  const path = folders.join('/');
  const [wanted, setWanted] = useState<Wanted>();
  const whole = { name: folders.at(-1) ?? title, path };
  return (
    <>
      <div className={styles.head}>
        <nav aria-label={words.where}>
          <ol className={styles.crumbs}>
            <li>
              <Link href={addressIn(base, 'files')}>{words.title}</Link>
            </li>
            {[title, ...folders].map((name, index) => (
              <li key={folders.slice(0, index).join('/')}>
                {index === folders.length ? (
                  <bdi aria-current="page">{name}</bdi>
                ) : (
                  <Link href={addressIn(base, 'files', domain, ...folders.slice(0, index))}>
                    <bdi>{name}</bdi>
                  </Link>
                )}
              </li>
            ))}
          </ol>
        </nav>
        <Button icon="download" onClick={() => setWanted(whole)}>
          {words.takeOutFolder}
        </Button>
      </div>
      <Endless
        path={['files', 'folder']}
        schema={Folder}
        query={{ domain, path }}
        empty={<EmptyState icon="folder" title={words.emptyFolder} />}
      >
        {(items) => <FileTable items={items.map((item) => ({ ...item, domain }))} onTakeOut={setWanted} />}
      </Endless>
      <TakeOutFolder domain={domain} wanted={wanted} onClose={() => setWanted(undefined)} />
    </>
  );
}

interface Wanted {
  readonly name: string;
  readonly path: string;
  readonly files?: number;
  readonly bytes?: number;
}

interface TakeOutFolderProps {
  readonly domain: string;
  readonly wanted: Wanted | undefined;
  readonly onClose: () => void;
}

function TakeOutFolder({ domain, wanted, onClose }: TakeOutFolderProps) {
  const words = useWords(filesWords);
  const format = useFormats();
  const save = useSaveZip(onClose);
  return (
    <Dialog
      open={wanted !== undefined}
      onClose={onClose}
      title={words.large.title}
      actions={
        <Button
          kind="primary"
          icon="download"
          busy={save.isPending}
          onClick={() => save.mutate({ what: 'files', places: [{ domain, path: wanted?.path ?? '' }] })}
        >
          {words.large.go}
        </Button>
      }
    >
      <p>
        <bdi className={styles.name}>{wanted?.name}</bdi>
        {wanted?.files !== undefined && wanted.bytes !== undefined && (
          <>
            {': '}
            {words.large.amount(words.amount(wanted.files, format), format.bytes(wanted.bytes))}
          </>
        )}
      </p>
      <p>{words.large.text}</p>
      <ProblemNote error={save.error} />
    </Dialog>
  );
}
