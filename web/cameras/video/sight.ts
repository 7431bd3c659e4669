import type { Attachment } from 'svelte/attachments'

/** A page that was left for a moment only goes on where it was. */
const OUT_OF_SIGHT_MS = 3_000
const HIDDEN_MS = 30_000

/**
 * Tells when an element is looked at and when it is no longer: scrolled away for 3 s, or its page hidden for 30 s.
 * @param seen is called on each change, first with what is so now
 */
export const inSight =
  (seen: (now: boolean) => void): Attachment<Element> =>
  (element) => {
    let onScreen = false
    let told: boolean | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = (now: boolean) => {
      if (told !== now) seen((told = now))
    }
    const change = () => {
      clearTimeout(timer)
      const looked = onScreen && !document.hidden
      if (looked || told === undefined) tell(looked)
      else timer = setTimeout(() => tell(false), onScreen ? HIDDEN_MS : OUT_OF_SIGHT_MS)
    }
    const observer = new IntersectionObserver((entries) => {
      onScreen = entries.at(-1)?.isIntersecting ?? false
      change()
    })
    observer.observe(element)
    document.addEventListener('visibilitychange', change)
    return () => {
      clearTimeout(timer)
      observer.disconnect()
      document.removeEventListener('visibilitychange', change)
    }
  }
