import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { reloadPage } from './live/reload.ts'

// A part of the page that is gone was another version's.
addEventListener('vite:preloadError', () => void reloadPage())

const target = document.getElementById('app')
if (target !== null) mount(App, { target })
