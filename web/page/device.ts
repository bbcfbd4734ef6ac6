/** What the visitor's device offers beyond the page, each where there is one: none is needed to hear the music. */
export type Device = {
  /** What is played: for lock screens and media keys, which mute. */
  playing(title: string): void;
  /** The screen stays on while it plays; asked for again after the page was hidden, which ends it. */
  keepAwake(wanted: boolean): void;
};

type AudioSessionNavigator = { audioSession?: { type: string } };

/** To be called by the gesture that joins. */
export function openDevice(toggleMute: () => void): Device {
  // Safari 16.4 and later on iOS: as music, which the silent switch does not silence.
  const { audioSession } = navigator as AudioSessionNavigator;
  if (audioSession) audioSession.type = 'playback';
  if ('mediaSession' in navigator) {
    navigator.mediaSession.setActionHandler('play', toggleMute);
    navigator.mediaSession.setActionHandler('pause', toggleMute);
  }
  let shown = '';
  let lock: WakeLockSentinel | null = null;
  let asking = false;

  return {
    playing(title) {
      if (title === shown || !('mediaSession' in navigator)) return;
      shown = title;
      navigator.mediaSession.metadata = new MediaMetadata({ title, artist: 'Pianola' });
    },
    keepAwake(wanted) {
      if (!wanted) {
        void lock?.release();
        lock = null;
      } else if (!asking && (!lock || lock.released) && !document.hidden && 'wakeLock' in navigator) {
        asking = true;
        navigator.wakeLock
          .request('screen')
          .then((given) => {
            lock = given;
          })
          // Refused on a low battery: the screen may go dark, and the music plays on.
          .catch(() => {})
          .finally(() => {
            asking = false;
          });
      }
    },
  };
}
