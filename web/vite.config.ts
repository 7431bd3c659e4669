import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { surveyWorker } from './survey/worker/build.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte(), surveyWorker()],
  build: { outDir: 'dist', emptyOutDir: true, manifest: true, target: 'es2022' },
})
