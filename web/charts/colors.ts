/** A colour of the theme as it is now, by its CSS variable's name. */
export const variable = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
