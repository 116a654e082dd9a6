import type { ReactNode } from 'react';
import { shapeOf, type DeviceShape } from '../telling/device-shape.ts';
import styles from './device-picture.module.css';

interface DevicePictureProps {
  /** "iPhone17,1" */
  readonly productType?: string | undefined;
  readonly size?: number;
  /** Asks for its passcode: the screen shows what to look for. */
  readonly asksPasscode?: boolean;
}

/** A plain drawing of the model. Its name always stands beside it. */
export function DevicePicture({ productType, size = 64, asksPasscode = false }: DevicePictureProps) {
  const shape = shapeOf(productType);
  return (
    <svg className={styles.device} width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      {BODIES[shape]}
      {asksPasscode && <PasscodeScreen tablet={shape.startsWith('tablet')} />}
    </svg>
  );
}

const phone = <rect className={styles.body} x="18.5" y="4" width="27" height="56" rx="5.5" />;
const phoneScreen = <rect className={styles.screen} x="20.5" y="6" width="23" height="52" rx="3.8" />;
const tablet = <rect className={styles.body} x="11" y="5" width="42" height="54" rx="4.5" />;

const BODIES: Readonly<Record<DeviceShape, ReactNode>> = {
  'phone-button': (
    <>
      {phone}
      <rect className={styles.screen} x="20.5" y="12" width="23" height="38" rx="0.8" />
      <circle className={styles.line} cx="32" cy="55" r="2.6" />
      <path className={styles.line} d="M29.5 8h5" />
    </>
  ),
  'phone-notch': (
    <>
      {phone}
      {phoneScreen}
      <path className={styles.body} d="M27 5.5h10v1.9a1.4 1.4 0 0 1-1.4 1.4h-7.2A1.4 1.4 0 0 1 27 7.4Z" />
    </>
  ),
  'phone-island': (
    <>
      {phone}
      {phoneScreen}
      <rect className={styles.body} x="28" y="8.2" width="8" height="2.6" rx="1.3" />
    </>
  ),
  'tablet-button': (
    <>
      {tablet}
      <rect className={styles.screen} x="13.5" y="10.5" width="37" height="42" rx="0.8" />
      <circle className={styles.line} cx="32" cy="55.8" r="1.7" />
    </>
  ),
  tablet: (
    <>
      {tablet}
      <rect className={styles.screen} x="13.5" y="7.5" width="37" height="49" rx="2.2" />
    </>
  ),
  unknown: (
    <>
      {phone}
      {phoneScreen}
      <path className={styles.line} d="M29.6 29.5a2.5 2.5 0 1 1 3.7 2.2c-.9.5-1.3 1-1.3 2M32 37.2v.01" />
    </>
  ),
};

/** Six rings to be filled and the keys below them. */
function PasscodeScreen({ tablet: onTablet }: { readonly tablet: boolean }) {
  const keys = [30, 36.5, 43].flatMap((y) => [26, 32, 38].map((x) => ({ x, y })));
  return (
    <g className={onTablet ? styles.onTablet : undefined}>
      {[24.5, 27.5, 30.5, 33.5, 36.5, 39.5].map((x) => (
        <circle key={x} className={styles.ring} cx={x} cy="21" r="0.9" />
      ))}
      {keys.map(({ x, y }) => (
        <circle key={`${x} ${y}`} className={styles.key} cx={x} cy={y} r="2.2" />
      ))}
    </g>
  );
}
