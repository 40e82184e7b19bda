/**
 * When a server under load is warm: after a while, and when it has had enough to do for its machine
 * code to be made, which on a busy machine takes longer.
 */
const warmUpMsMin = 1_500;
const warmUpMsMax = 8_000;
const messagesEnough = 40_000;
const lookMs = 50;

/** `messages`: published so far. Phases with a given rate are warm after the time alone. */
export async function warmUp(messages: () => number, byCount: boolean): Promise<void> {
  const began = performance.now();
  const before = messages();
  for (;;) {
    await passed(lookMs);
    const ms = performance.now() - began;
    const isEnough = !byCount || messages() - before >= messagesEnough;
    if (ms >= warmUpMsMax || (ms >= warmUpMsMin && isEnough)) return;
  }
}

export function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
