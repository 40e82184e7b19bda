// Lets one process after another do something, such as installing: the first one makes a file with its number, the others wait until it is
// gone. Who was killed leaves its file behind; the next one sees that there is no such process, and takes it away. (Two who see that in the
// same tenth of a millisecond may both go on.)
//
// Plain JavaScript without dependencies: this file runs on the machine's own Node.js, before there is anything else.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const pollMs = 200;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * @param {string} file made while somebody is at it
 * @param {() => void} act
 * @param {(owner: number) => void} onWait is told once which process is at it
 */
export function oneAtATime(file, act, onWait) {
  for (let hasWaited = false; !take(file); hasWaited = true) {
    const owner = ownerOf(file);
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (owner !== undefined && !hasWaited) onWait(owner);
    Atomics.wait(pause, 0, 0, pollMs);
  }
  try {
    act();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Undefined when it is gone meanwhile, or not written yet.
 *
 * @param {string} file
 */
function ownerOf(file) {
  try {
    const owner = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isNaN(owner) ? undefined : owner;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive as well.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
