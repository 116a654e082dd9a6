import { useState } from 'react';
import type { FileRef } from '../../../../src/contract/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { versionWords } from '../../words/version.ts';
import { useWords } from '../../words/words.ts';
import { fileAddress } from './version-queries.ts';
import { useVersion } from './version.ts';
import styles from './file-view.module.css';

interface FileAddresses {
  readonly original: string;
  readonly view: string;
  readonly thumbnail: string;
}

interface FileViewProps {
  readonly file: FileRef;
  /** Where its bytes are, if not where all files are. */
  readonly addresses?: FileAddresses | undefined;
}

/** Something attached: shown inside the page where a browser can, else offered to be taken out, else told why not. */
export function FileView({ file, addresses }: FileViewProps) {
  const { id } = useVersion();
  const [broken, setBroken] = useState(false);
  const at = addresses ?? addressesOf(id, file);
  if (at === undefined || file.state !== 'in-backup') return <Absent file={file} />;
  if (broken) return <Download file={file} address={at.original} />;
  switch (file.shownAs) {
    case 'picture':
      return <Picture file={file} at={at} onBroken={() => setBroken(true)} />;
    case 'film':
      // What was filmed or recorded on a phone has no captions.
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      return <video className={styles.film} src={at.view} aria-label={file.name} controls preload="metadata" />;
    case 'sound':
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      return <audio className={styles.sound} src={at.view} aria-label={file.name} controls preload="none" />;
    case 'document':
    case 'other':
      break;
  }
  return <Download file={file} address={at.original} />;
}

function addressesOf(id: string, { file }: FileRef): FileAddresses | undefined {
  if (file === undefined) return undefined;
  return {
    original: fileAddress(id, file, 'original'),
    view: fileAddress(id, file, 'view'),
    thumbnail: fileAddress(id, file, 'thumbnail'),
  };
}

interface PictureProps {
  readonly file: FileRef;
  readonly at: FileAddresses;
  readonly onBroken: () => void;
}

function Picture({ file, at, onBroken }: PictureProps) {
  const words = useWords(versionWords);
  const [isOpen, setOpen] = useState(false);
  const name = file.name === '' ? words.file.picture : file.name;
  return (
    <>
      <button type="button" className={styles.picture} onClick={() => setOpen(true)}>
        <img src={at.thumbnail} alt={name} loading="lazy" decoding="async" onError={onBroken} />
      </button>
      <Dialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={name}
        actions={<Download file={file} address={at.original} />}
      >
        <img className={styles.large} src={at.view} alt={name} />
      </Dialog>
    </>
  );
}

function Download({ file, address }: { readonly file: FileRef; readonly address: string }) {
  const format = useFormats();
  const words = useWords(versionWords);
  return (
    <a className={styles.chip} href={address} download={file.name} title={words.file.download(file.name)}>
      <Icon name="download" size={18} />
      <bdi>{file.name}</bdi>
      {file.sizeBytes !== undefined && <span className={styles.soft}>{format.bytes(file.sizeBytes)}</span>}
    </a>
  );
}

function Absent({ file }: { readonly file: FileRef }) {
  const words = useWords(versionWords);
  const why = file.state === 'in-backup' ? 'not-in-backup' : file.state;
  return (
    <span className={styles.chip}>
      <Icon name={why === 'locked' ? 'lock' : 'information'} size={18} />
      <bdi>{file.name}</bdi>
      <span className={styles.soft}>{words.file[why]}</span>
    </span>
  );
}
