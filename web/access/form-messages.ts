import { messages } from '../i18n/index.svelte.ts'

export const t = messages(
  {
    signIn: 'Masuk',
    username: 'Nama pengguna',
    password: 'Kata sandi',
    name: 'Nama lengkap',
    setup: 'Buat akun administrator',
    rule: 'Paling sedikit 12 karakter.',
    create: 'Buat akun',
    failed: 'Tidak berhasil: {reason}',
  },
  {
    signIn: 'Sign in',
    username: 'Username',
    password: 'Password',
    name: 'Full name',
    setup: "Create the administrator's account",
    rule: 'At least 12 characters.',
    create: 'Create account',
    failed: 'That did not work: {reason}',
  },
)
