/** Effects that a message can be sent with, as the phone calls them, by the ends of their identifiers. */
const EFFECTS: Readonly<Record<string, string>> = {
  impact: 'Slam',
  loud: 'Loud',
  gentle: 'Gentle',
  invisibleink: 'Invisible Ink',
  CKConfettiEffect: 'Confetti',
  CKEchoEffect: 'Echo',
  CKFireworksEffect: 'Fireworks',
  CKHappyBirthdayEffect: 'Balloons',
  CKHeartEffect: 'Love',
  CKLasersEffect: 'Lasers',
  CKShootingStarEffect: 'Shooting Star',
  CKSparklesEffect: 'Celebration',
  CKSpotlightEffect: 'Spotlight',
};

/** "com.apple.MobileSMS.expressivesend.impact" is "Slam"; one that is not known keeps its own name. */
export function effectName(id: string): string {
  const end = id.split('.').at(-1) ?? id;
  return Object.hasOwn(EFFECTS, end) ? (EFFECTS[end] ?? end) : end.replace(/^CK|Effect$/g, '');
}
