// node tools/peers/chromium.ts     finds or installs the browser that the tests of the page drive

import { type Peer, prepare } from './packages.ts';

export const chromium: Peer = {
  name: 'Chromium',
  serves: 'the tests in a browser',
  needs: [{ package: 'chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'] }],
};

if (import.meta.main) prepare(chromium);
