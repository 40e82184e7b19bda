// npm run rewrite -w @choir/ftmp     makes the bytes of vectors/ftmp and the generated parts of
// docs/protocol/ftmp.md follow their sources again; look at the difference

import { writeFileSync } from 'node:fs';
import { freshPage, pageFile, writtenPage } from './page.ts';
import { rewriteVectors } from './vectors.ts';

rewriteVectors();
writeFileSync(pageFile, freshPage(writtenPage()));
