import { AgentError, MB_ERROR } from './agent-error.ts';
import { pause, reach, type Session } from './session.ts';

const PRESENTED = 'com.apple.LocalAuthentication.ui.presented';
const DISMISSED = 'com.apple.LocalAuthentication.ui.dismissed';
/** How long the question stays on the screen before the agent gives up. */
const TIMEOUT_MS = 30 * 60_000;

/**
 * Asks the person at the phone for the passcode, as iOS does since 16.1 before every backup, and tells whoever
 * observes it. The host hears nothing meanwhile.
 *
 * @param always ask on older versions too, as they do when the backup password is to be changed.
 * @throws {AgentError} deviceLocked when nobody enters it.
 */
export async function askPasscode(session: Session, { always = false } = {}): Promise<void> {
  const { context } = session;
  await reach(session, 'passcode');
  const { mode, delayMs } = context.screen.passcode;
  if (mode === 'none' || (!always && !isAsking(context.identity.productVersion))) return;
  context.notifications.post(PRESENTED);
  try {
    await pause(session, mode === 'ignore' ? TIMEOUT_MS : delayMs);
  } finally {
    context.notifications.post(DISMISSED);
  }
  if (mode !== 'accept') throw new AgentError(MB_ERROR.deviceLocked, 'Device locked');
}

/** Since iOS 16.1, and since 15.7.1 on phones that stayed on 15. */
function isAsking(productVersion: string): boolean {
  const [major = 0, minor = 0, patch = 0] = productVersion.split('.').map(Number);
  if (major === 15) return minor > 7 || (minor === 7 && patch >= 1);
  return major > 16 || (major === 16 && minor >= 1);
}
