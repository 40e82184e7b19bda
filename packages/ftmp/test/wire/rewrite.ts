// npm run rewrite -w @choir/ftmp     makes the bytes of vectors/ftmp and the generated parts of
// docs/protocol/ftmp.md follow their sources again; look at the difference

import { writeFileSync } from 'node:fs';
import { freshPage, pageFile, writtenPage } from './page.ts';
import { refusals } from './refusals.ts';
import { rewriteRefused, rewriteVectors } from './vectors.ts';

rewriteVectors();
rewriteRefused(refusals());
writeFileSync(pageFile, freshPage(writtenPage()));
