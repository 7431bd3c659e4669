import { messages } from '../i18n/index.svelte.ts'

export const t = messages(
  {
    reset: 'Atur ulang zum',
    picture: 'Unduh PNG',
    failed: 'Gambar tidak dapat dibuat.',
    hint: 'Perbesar: seret, cubit, atau Ctrl + roda tetikus. Tombol: ← → per hari, + − perbesar, 0 atur ulang.',
  },
  {
    reset: 'Reset zoom',
    picture: 'Download PNG',
    failed: 'The picture could not be made.',
    hint: 'Drag, pinch, or Ctrl with the wheel to zoom. Keys: ← → by day, + − zoom, 0 resets.',
  },
)
