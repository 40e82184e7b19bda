#!/usr/bin/env node
// The `choir` command. Starts src/main.ts, on a current Node.js whichever Node.js started this.

import * as nodeModule from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { become, currentNode, isCurrent, tooOld } from './current-node.mjs';

/** A command has loaded what it needs. */
const settledMs = 2_000;

if (isCurrent) {
  keepCompiled();
  await import('../src/main.ts');
} else {
  const node = currentNode();
  if (node === undefined) {
    console.error(tooOld());
    process.exitCode = 1;
  } else {
    become(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
  }
}

/**
 * Keeps modules between runs, compiled and without their types: from the second start on, choir starts
 * in half the time and without the 20 MB that taking the types away takes.
 */
function keepCompiled() {
  nodeModule.enableCompileCache?.();
  const folder = nodeModule.getCompileCacheDir?.();
  if (folder === undefined) return;
  // Threads have no other way to hear of it. What is named is the folder of all versions of Node.js.
  process.env['NODE_COMPILE_CACHE'] ??= dirname(folder);
  // A server that is killed should not have started for nothing.
  setTimeout(() => nodeModule.flushCompileCache?.(), settledMs).unref();
}
