import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import { mount } from 'svelte'
import App from './App.svelte'

const target = document.getElementById('app')
if (target !== null) mount(App, { target })
