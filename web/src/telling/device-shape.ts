/** What a model looks like from the front, as far as a small picture can tell. */
export type DeviceShape = 'phone-button' | 'phone-notch' | 'phone-island' | 'tablet-button' | 'tablet' | 'unknown';

/** iPhones that look otherwise than most of their generation. */
const PHONES: Readonly<Record<string, DeviceShape>> = {
  // X
  'iPhone10,3': 'phone-notch',
  'iPhone10,6': 'phone-notch',
  // SE of 2020 and 2022
  'iPhone12,8': 'phone-button',
  'iPhone14,6': 'phone-button',
  // 14 Pro and 14 Pro Max
  'iPhone15,2': 'phone-island',
  'iPhone15,3': 'phone-island',
  // 16e
  'iPhone17,5': 'phone-notch',
};

/** Generations of iPads that still have a button: iPad mini 5, Air 3 and iPad 8 are 11, iPad 9 is 12. */
const TABLETS_WITH_BUTTON: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 11, 12]);

/** @param productType "iPhone17,1", as the device calls its model. */
export function shapeOf(productType: string | undefined): DeviceShape {
  const [, family, generationText] = /^(iPhone|iPad|iPod)(\d+),\d+$/.exec(productType ?? '') ?? [];
  const generation = Number(generationText);
  if (family === 'iPad') return TABLETS_WITH_BUTTON.has(generation) ? 'tablet-button' : 'tablet';
  if (family === 'iPod') return 'phone-button';
  if (family !== 'iPhone') return 'unknown';
  const odd = PHONES[productType ?? ''];
  if (odd !== undefined) return odd;
  if (generation <= 10) return 'phone-button';
  return generation <= 14 ? 'phone-notch' : 'phone-island';
}
