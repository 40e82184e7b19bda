/** Tells an application something: what it throws is nobody's but the application's, and what comes behind it is done all the same. */
export function apart<What>(tell: (what: What) => void, what: What): void {
  try {
    tell(what);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
