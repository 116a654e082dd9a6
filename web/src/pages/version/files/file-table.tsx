import { Link } from 'wouter';
import type { FolderItem } from '../../../../../src/contract/index.ts';
import { Moment } from '../../../parts/amounts.tsx';
import { IconButton } from '../../../parts/button.tsx';
import { Icon, type IconName } from '../../../parts/icon.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { filesWords } from '../../../words/files.ts';
import { useWords } from '../../../words/words.ts';
import { fileAddress } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import styles from './files.module.css';

type Item = FolderItem & { readonly domain: string };

interface FileTableProps {
  readonly items: readonly Item[];
  readonly onTakeOut?: (folder: { name: string; path: string; files: number; bytes: number }) => void;
  /** Also where each is: for what was found all over. */
  readonly showsPlaces?: boolean;
}

/** Files and folders in lines. */
export function FileTable({ items, onTakeOut, showsPlaces = false }: FileTableProps) {
  const { columns } = useWords(filesWords);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col" className={styles.size}>
            {columns.size}
          </th>
          <th scope="col" className={styles.when}>
            {columns.changed}
          </th>
          <th scope="col">
            <span className="unseen">{columns.takeOut}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <FileRow key={`${item.domain} ${item.path}`} item={item} onTakeOut={onTakeOut} showsPlaces={showsPlaces} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly item: Item;
  readonly onTakeOut: FileTableProps['onTakeOut'];
  readonly showsPlaces: boolean;
}

function FileRow({ item, onTakeOut, showsPlaces }: RowProps) {
  const words = useWords(filesWords);
  const format = useFormats();
  const { id, base } = useVersion();
  const { name, kind, file, path, domain, modifiedAt } = item;
  const isFolder = kind === 'directory';
  const bytes = isFolder ? item.bytesBelow : item.sizeBytes;
  return (
    <tr>
      <th scope="row">
        <span className={styles.file}>
          <Icon name={iconOf(item)} />
          <span className={styles.names}>
            {isFolder ? (
              <Link href={addressIn(base, 'files', domain, ...path.split('/'))}>
                <bdi className={styles.name}>{name}</bdi>
              </Link>
            ) : (
              <bdi className={styles.name}>{name}</bdi>
            )}
            <span className={styles.soft}>
              {showsPlaces && <bdi className={styles.name}>{`${domain}/${path}`}</bdi>}
              {isFolder && words.amount(item.filesBelow, format)}
              {kind === 'symlink' && words.link}
              {kind === 'file' && file === undefined && words.notHere}
            </span>
          </span>
        </span>
      </th>
      <td className={styles.size}>{bytes === undefined ? '' : format.bytes(bytes)}</td>
      <td className={styles.when}>{modifiedAt !== undefined && <Moment at={modifiedAt} />}</td>
      <td className={styles.action}>
        {file !== undefined && (
          <a
            href={fileAddress(id, file, 'original')}
            download={name}
            className={styles.download}
            aria-label={words.takeOut(name)}
            title={words.takeOut(name)}
          >
            <Icon name="download" />
          </a>
        )}
        {isFolder && onTakeOut !== undefined && (
          <IconButton
            icon="download"
            label={words.takeOut(name)}
            onClick={() => onTakeOut({ name, path, files: item.filesBelow, bytes: item.bytesBelow })}
          />
        )}
      </td>
    </tr>
  );
}

function iconOf({ kind, shownAs }: FolderItem): IconName {
  if (kind === 'directory') return 'folder';
  if (shownAs === 'picture') return 'photo';
  if (shownAs === 'film' || shownAs === 'sound') return 'play';
  return 'document';
}
