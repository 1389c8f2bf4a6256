// Builds the page assets: web/islands/<entry>.js and the styles they import -> web/static/dist, with a manifest
// that web/assets.py reads, one sprite of the icons the pages use, and a gzip twin of every text asset.
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';
import icons from './web/islands/icons.json' with { type: 'json' };

const entries = ['app', 'chart', 'compare', 'designer', 'form', 'modeler', 'offline', 'portal', 'tables', 'viewer', 'worker'];

const sprite = () => ({
  name: 'icon-sprite',
  async generateBundle() {
    const symbols = await Promise.all(
      icons.map(async (name) => {
        const [kind, file] = name.endsWith('-filled') ? ['filled', name.slice(0, -7)] : ['outline', name];
        const svg = await readFile(resolve('node_modules/@tabler/icons/icons', kind, `${file}.svg`), 'utf8');
        const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')).trim();
        const look =
          kind === 'filled'
            ? 'fill="currentColor"'
            : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
        return `<symbol id="${name}" viewBox="0 0 24 24" ${look}>${inner.replace(/\s*\n\s*/g, '')}</symbol>`;
      }),
    );
    const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
    this.emitFile({ type: 'asset', name: 'icons.svg', originalFileName: 'icons.svg', source });
  },
});

const gzipTwins = () => ({
  name: 'gzip-twins',
  enforce: 'post',
  generateBundle: {
    order: 'post', // after Vite has put in what a dynamic import preloads
    handler(_, bundle) {
      for (const [fileName, item] of Object.entries(bundle)) {
        const content = item.type === 'chunk' ? item.code : item.source;
        if (/\.(js|css|svg)$/.test(fileName) && content.length > 1024) {
          this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(content, { level: 9 }) });
        }
      }
    },
  },
});

export default defineConfig({
  base: '/static/dist/',
  publicDir: false,
  plugins: [sprite(), gzipTwins()],
  build: {
    outDir: 'web/static/dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    // Chromium 111 and its like: the browsers of Chinese offices are often some versions behind
    target: ['es2022'],
    cssTarget: ['chrome111', 'safari16.4', 'firefox113'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // htmx has an eval for attributes that these pages do not use; it is switched off (allowEval)
      checks: { eval: false },
      input: Object.fromEntries(
        entries.map((name) => [name, resolve('web/islands', `${name}.js`)]).filter(([, path]) => existsSync(path)),
      ),
    },
  },
});
