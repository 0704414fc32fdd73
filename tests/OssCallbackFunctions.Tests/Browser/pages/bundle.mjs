// Makes of each page one script that a browser can load: node bundle.mjs FOLDER
import path from 'node:path';
import { buildSync } from 'esbuild';

const here = import.meta.dirname;
buildSync({
  entryPoints: ['fetch.mjs', 'uppy-5/uppy-5.mjs', 'uppy-6.mjs'].map(page => ({ in: path.join(here, page), out: path.basename(page, '.mjs') })),
  outdir: process.argv[2], bundle: true, format: 'esm', logLevel: 'warning',
});
