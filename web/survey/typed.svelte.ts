import type { Stock } from '#contract/survey.ts'
import { keepPhoto } from './database.ts'
import { clean, press, priceOf, type Key } from './digits.ts'
import type { Answer, Place, Typing } from './model.ts'
import { shrink } from './photo.ts'
import { keepTyping } from './typing.ts'
import { uuid } from './uuid.ts'

/** What is being typed of one commodity. Each change is kept, so that a page that is closed loses nothing. */
export class Typed {
  digits = $state('')
  /** of the sellers before the one whose price is being typed */
  prices = $state.raw<number[]>([])
  stock = $state<Stock | null>(null)
  note = $state('')
  photo = $state<string | null>(null)
  photoId = $state<number | null>(null)
  /** the officer touched it since it came to hand */
  changed = $state(false)
  readonly all = $derived.by(() => {
    const typed = priceOf(this.digits)
    return typed === null ? this.prices : [...this.prices, typed]
  })
  readonly #place: Place
  #commodity: string | null = null
  /** what stands in the field was there before: the first digit begins a new price */
  #fresh = false

  constructor(place: Place) {
    this.#place = place
  }

  begin(commodity: string | null, answer: Answer | null): void {
    this.#commodity = commodity
    this.#fresh = true
    this.changed = false
    this.prices = answer?.prices.slice(0, -1) ?? []
    this.digits = String(answer?.prices.at(-1) ?? '')
    this.stock = answer?.stock ?? null
    this.note = answer?.note ?? ''
    this.photo = answer?.photo ?? null
    this.photoId = answer?.photoId ?? null
  }
  restore(typing: Typing): void {
    this.#commodity = typing.commodity
    Object.assign(this, {
      digits: typing.digits,
      prices: typing.prices,
      stock: typing.stock,
      note: typing.note,
      photo: typing.photo,
      photoId: typing.photoId,
      changed: true,
    })
  }

  /** The next digit begins a new price. */
  anew(): void {
    this.#fresh = true
  }
  press(key: Key): void {
    const begun = this.#fresh && key !== 'back' ? '' : this.digits
    this.set(press(begun, key))
  }
  /** @param text typed or pasted into the field itself */
  set(text: string): void {
    this.digits = clean(text, this.digits)
    this.#keep()
  }
  /** The typed price is one seller's; the next one's follows. */
  addSeller(most: number): void {
    const price = priceOf(this.digits)
    if (price === null || this.prices.length + 1 >= most) return
    this.prices = [...this.prices, price]
    this.digits = ''
    this.#keep()
  }
  /**
   * Replaces a price with what was meant.
   * @param seller the price that one of several sellers was said to ask; undefined: all that was typed
   */
  mend(meant: number, seller: number | undefined): void {
    if (seller === undefined) this.prices = []
    if (seller === undefined || seller === priceOf(this.digits)) return this.set(String(meant))
    this.prices = this.prices.map((price) => (price === seller ? meant : price))
    this.#keep()
  }
  /** Puts a seller's price back into the field, for it to be typed anew. */
  take(seller: number): void {
    const place = this.prices.indexOf(seller)
    const typed = priceOf(this.digits)
    if (place >= 0) this.prices = [...this.prices.toSpliced(place, 1), ...(typed === null ? [] : [typed])]
    this.digits = String(seller)
    this.#keep()
    this.anew()
  }
  dropSeller(place: number): void {
    this.prices = this.prices.filter((_price, index) => index !== place)
    this.#keep()
  }
  setStock(stock: Stock): void {
    this.stock = this.stock === stock ? null : stock
    this.#keep()
  }
  setNote(note: string): void {
    this.note = note
    this.#keep()
  }
  /** Throws where the file is no picture. */
  async setPhoto(file: File | null): Promise<void> {
    this.photoId = null
    this.photo = null
    if (file !== null) {
      const clientId = uuid()
      await keepPhoto({ ...this.#place, clientId, blob: await shrink(file) })
      this.photo = clientId
    }
    this.#keep()
  }

  #keep(): void {
    this.#fresh = false
    this.changed = true
    if (this.#commodity === null) return
    const { digits, stock, note, photo, photoId } = this
    keepTyping({
      ...this.#place,
      commodity: this.#commodity,
      digits,
      prices: [...this.prices],
      stock,
      note,
      photo,
      photoId,
    })
  }
}
