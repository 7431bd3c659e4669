/** Tells whoever listens; a page that shows something else listens no more. */
export class Changes<T> {
  #listeners = new Set<(fact: T) => void>()
  /** Returns the function that ends the listening. */
  on(listener: (fact: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  tell(fact: T): void {
    this.#listeners.forEach((listener) => listener(fact))
  }
}
