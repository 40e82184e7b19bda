import { defineConfig } from 'vite';

export default defineConfig({
  // The server may stand behind a path.
  base: './',
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
  },
});
