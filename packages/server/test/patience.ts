/**
 * Waiting for what has to happen, counted in turns of this process's own loop: one that stood still (on a busy
 * machine, or a suspended one) finds that time is over before it could read what had arrived long ago.
 */
const turnMs = 500;

/** How long it was waited, and the longest time in which this process did not run. */
export type Waited = { readonly happened: boolean; readonly ms: number; readonly stillMs: number };

/** Resolves when the event comes, or after `ms` in which this process ran. Rejects as the event does. */
export function patience(event: Promise<unknown>, ms: number): Promise<Waited> {
  const began = performance.now();
  let turnedAt = began;
  let stillMs = 0;
  let turns = Math.ceil(ms / turnMs);
  return new Promise((resolve, reject) => {
    const end = (happened: boolean): void => {
      clearInterval(timer);
      const waitedMs = Math.round(performance.now() - began);
      resolve({ happened, ms: waitedMs, stillMs: Math.round(stillMs) });
    };
    const timer = setInterval(() => {
      const now = performance.now();
      stillMs = Math.max(stillMs, now - turnedAt - turnMs);
      turnedAt = now;
      turns -= 1;
      if (turns === 0) end(false);
    }, turnMs);
    event.then(
      () => end(true),
      (error: unknown) => {
        clearInterval(timer);
        reject(error);
      },
    );
  });
}
