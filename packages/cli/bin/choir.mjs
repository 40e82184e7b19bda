#!/usr/bin/env node
// The `choir` command. Starts src/main.ts, on a current Node.js whichever Node.js started this.

import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { become, currentNode, isCurrent, tooOld } from './current-node.mjs';

if (isCurrent) {
  // Keeps compiled modules between runs, so that the second start is quicker.
  nodeModule.enableCompileCache?.();
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
