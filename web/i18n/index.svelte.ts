export type Locale = 'id' | 'en'

const KEY = 'locale'
const stored = localStorage.getItem(KEY)
let current = $state<Locale>(stored === 'en' ? 'en' : 'id')
document.documentElement.lang = stored === 'en' ? 'en' : 'id'

export const locale = {
  get current(): Locale {
    return current
  },
  set(next: Locale): void {
    current = next
    localStorage.setItem(KEY, next)
    document.documentElement.lang = next
  },
}

/** A folder's texts in both languages; a key that one of them lacks does not compile. */
export function messages<T extends Record<string, string>>(id: T, en: { [K in keyof T]: string }) {
  return (key: keyof T & string, params: Record<string, string | number> = {}): string =>
    (current === 'en' ? en : id)[key].replace(/\{(\w+)\}/g, (whole, name: string) =>
      String(params[name] ?? whole),
    )
}
