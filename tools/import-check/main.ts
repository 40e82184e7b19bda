// node tools/import-check/main.ts
// Packages import along the floors of ARCHITECTURE.md, and pure ones nothing of the outside.

import { join } from 'node:path';
import { checkImports } from './check.ts';

const { packages, modules, violations } = checkImports(join(import.meta.dirname, '../..'));
for (const violation of violations) console.error(violation);
console.log(`${modules} modules of ${packages} packages, ${violations.length} violations`);
if (modules === 0) console.error('No module was read: the check is looking in the wrong place.');
if (modules === 0 || violations.length > 0) process.exitCode = 1;
