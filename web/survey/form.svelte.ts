import { checkPrice, checkSellers, medianOf } from '#contract/quality/index.ts'
import type { EntryAnswer, SurveySheet } from '#contract/survey.ts'
import { get, post } from '../live/api.ts'
import { changeEdits, editsOf, keepMark, keepSheet, markOf, onChange, sheetOf } from './database.ts'
import { replaceEdits, withEntries } from './edits.ts'
import type { Answer, KeptEdit, KeptSheet, Mark, Place } from './model.ts'
import { inOrder, isDone, isTodo, lacksReason, nextTodo, rowsOf, summaryOf, type Row } from './rows.ts'
import { sender } from './sender.svelte.ts'
import { Typed } from './typed.svelte.ts'
import { dropTyping, typingsOf } from './typing.ts'
import { uuid } from './uuid.ts'

/** A survey that is being filled in: what the phone keeps of it, and what is being typed. */
export class SurveyForm {
  readonly place: Place
  readonly typed: Typed
  sheet = $state.raw<SurveySheet | null>(null)
  edits = $state.raw<KeptEdit[]>([])
  mark = $state.raw<Mark | null>(null)
  /** why the server's sheet could not be read; what is kept is shown all the same */
  problem = $state.raw<unknown>(null)
  /** the phone's own store was read */
  opened = $state(false)
  /** code of the commodity at hand; null: all are answered */
  active = $state<string | null>(null)
  /** the officer is asked whether the value is right */
  asking = $state(false)

  readonly rows = $derived(this.sheet === null ? [] : inOrder(rowsOf(this.sheet, this.edits)))
  readonly row = $derived(this.rows.find(({ code }) => code === this.active))
  readonly summary = $derived(summaryOf(this.rows))
  /** who fills it in, where that is somebody else */
  readonly anothers = $derived(
    this.sheet !== null && this.sheet.officer !== null && !this.sheet.own
      ? this.sheet.officer
      : (this.mark?.officer ?? null),
  )
  readonly open = $derived(this.sheet !== null && !this.sheet.locked && this.anothers === null)
  /** something on the phone has to be decided before anything of it is submitted */
  readonly blocked = $derived(this.edits.some(({ state }) => state !== 'waiting'))
  /** the price that is being typed: the median where there are several */
  readonly price = $derived.by(() => medianOf(this.typed.all))
  readonly findings = $derived.by(() =>
    this.row === undefined || this.sheet === null
      ? []
      : checkSellers(this.typed.all, this.sheet.day, this.row.item.context),
  )

  constructor(place: Place) {
    this.place = place
    this.typed = new Typed(place)
  }

  /** Shows what is kept and follows its changes until the returned function is called. */
  start(): () => void {
    const stop = onChange(() => void this.#read())
    void this.#open()
    return stop
  }
  async #open(): Promise<void> {
    await this.#read()
    const touched = typingsOf(this.place).at(-1)?.commodity
    this.opened = true
    if (touched !== undefined && this.rows.some(({ code }) => code === touched)) this.select(touched)
    else this.#begin()
  }
  #begin(): void {
    if (this.active === null) this.select(this.rows.find(isTodo)?.code ?? null)
  }
  async #read(): Promise<void> {
    const [kept, edits, mark] = await Promise.all([
      sheetOf(this.place),
      editsOf(this.place),
      markOf(this.place),
    ])
    this.sheet = kept?.sheet ?? null
    this.edits = edits
    this.mark = mark
  }
  /** Reads the sheet anew, where the server answers. */
  async refresh(): Promise<void> {
    const { market, day } = this.place
    try {
      await this.#take(await get<SurveySheet>(`/api/surveys/${encodeURIComponent(market)}/${day}`))
      this.problem = null
      if (this.opened) this.#begin()
    } catch (cause) {
      this.problem = cause
    }
  }
  async #take(sheet: SurveySheet): Promise<void> {
    const before = await sheetOf(this.place)
    await keepSheet(freshened(this.place, sheet, before))
    const mark = await markOf(this.place)
    if (sheet.own && mark.officer !== null) await keepMark({ ...mark, officer: null })
    await this.#read()
  }

  /** Puts a commodity at hand, with what is known of it and what was typed there before. */
  select(code: string | null): void {
    this.active = code
    this.typed.begin(code, this.row?.answer ?? null)
    this.asking = this.row?.unanswered ?? false
    const typing = typingsOf(this.place).find(({ commodity }) => commodity === code)
    if (this.row === undefined || typing === undefined || isDone(this.row.state)) return
    // An answer whose price was deleted, and not typed anew, stands as it is.
    if (this.row.answer !== null && typing.digits === '' && typing.prices.length === 0) return
    this.typed.restore(typing)
    this.asking = false
  }
  /** What was typed at the one before is kept as its answer; a stock or a note alone waits there for its price. */
  async leaveFor(code: string): Promise<void> {
    const said = this.#said()
    if (this.typed.changed && said !== null) await this.answer(said.kind, said.insist)
    this.select(code)
  }
  /** What the typed comes to; null: no answer. The same prices as before keep what was said of them. */
  #said(): { kind: EntryAnswer; insist: string } | null {
    const [before, { all }] = [this.row?.answer ?? null, this.typed]
    if (before !== null && before.prices.join() === all.join())
      return { kind: before.answer, insist: before.insist }
    return all.length === 0 ? null : { kind: 'price', insist: '' }
  }

  /** The typed price: asks first where it is unlikely, else keeps it and goes on. */
  async next(): Promise<void> {
    const said = this.#said()
    if (said === null) return this.goOn()
    if (lacksReason(this.findings, said.insist)) return void (this.asking = true)
    await this.answer(said.kind, said.insist)
    this.goOn()
  }
  async same(): Promise<void> {
    const { item } = this.row ?? {}
    if (item?.previous == null || this.sheet === null) return
    this.typed.set(String(item.previous.price))
    if (lacksReason(checkPrice(item.previous.price, this.sheet.day, item.context), ''))
      return void (this.asking = true)
    await this.answer('same')
    this.goOn()
  }
  async notSold(): Promise<void> {
    await this.answer('not-sold')
    this.goOn()
  }
  /** The officer stands by what was warned of. @param insist the reason; '': to be given later */
  async insist(insist: string): Promise<void> {
    const [only, ...more] = this.typed.all
    await this.answer(more.length === 0 && only === this.row?.item.previous?.price ? 'same' : 'price', insist)
    this.goOn()
  }
  /** Back to the keypad: what is typed now replaces what was warned of. */
  check(): void {
    this.asking = false
    const seller = this.findings.find(({ facts }) => facts.seller !== undefined)?.facts.seller
    if (typeof seller === 'number') this.typed.take(seller)
    else this.typed.anew()
  }
  goOn(): void {
    this.select(nextTodo(this.rows, this.active))
  }

  /** Keeps an answer to the commodity at hand on the phone, and has it sent. */
  async answer(kind: EntryAnswer, insist = ''): Promise<void> {
    const { row } = this
    if (row === undefined || !this.open || isDone(row.state)) return
    const { stock, note, photo, photoId, all } = this.typed
    const prices = kind === 'not-sold' ? [] : kind === 'same' ? all.slice(0, 1) : all
    await this.#keep(row, { answer: kind, prices, stock, note: note.trim(), photo, photoId, insist })
  }
  async #keep(row: Row, answer: Answer): Promise<void> {
    dropTyping(this.place, row.code)
    // Going through the list again is no answer, but what was sent back has to be answered anew.
    if (
      row.state !== 'sent-back' &&
      row.edits.every(({ state }) => state === 'waiting') &&
      isEqual(row.answer, answer)
    )
      return
    await changeEdits(
      replaceEdits(row.edits, row.entry, this.place, {
        answer,
        commodity: row.code,
        clientId: uuid(),
        now: new Date(),
      }),
    )
    if (this.mark !== null && this.mark.left.includes(row.code))
      await keepMark({ ...this.mark, left: this.mark.left.filter((code) => code !== row.code) })
    await this.#read()
    sender.kick()
  }

  /** Of a conflict: this phone's word on top of what stands, or what stands. */
  async decide(whose: 'mine' | 'theirs'): Promise<void> {
    const { row } = this
    if (row === undefined || row.answer === null) return
    const standing = row.edits.at(-1)?.standing ?? row.entry
    if (whose === 'mine') {
      const stands = standing === undefined || standing === null ? row : { ...row, entry: standing }
      await this.#keep(stands, row.answer)
    } else await this.drop()
    this.goOn()
  }
  /** Discards what waits, was refused or is in conflict. */
  async drop(): Promise<void> {
    await changeEdits({ drop: this.row?.edits ?? [] })
    if (this.active !== null) dropTyping(this.place, this.active)
    await this.#read()
    this.select(this.active)
    // It may have been all that a submission waited for.
    sender.kick()
  }

  /** Discards all that did not reach the server. */
  async discard(): Promise<void> {
    await changeEdits({ drop: this.edits })
    dropTyping(this.place)
    await this.#read()
    this.select(this.active)
  }

  async takeOver(): Promise<void> {
    const { market, day } = this.place
    await this.#take(
      await post<SurveySheet>(`/api/surveys/${encodeURIComponent(market)}/${day}/take-over`, {}),
    )
    sender.kick()
  }
  /** Submits once all is sent; false calls it off. */
  async submit(wanted: boolean): Promise<void> {
    await keepMark({ ...(await markOf(this.place)), submit: wanted, left: [] })
    await this.#read()
    if (wanted) sender.kick()
  }
}

/** The server's sheet, without losing entries that it answered with after the sheet was asked for. */
const freshened = (place: Place, sheet: SurveySheet, before: KeptSheet | undefined): KeptSheet => ({
  ...place,
  sheet: { ...sheet, entries: withEntries(before?.sheet.entries ?? [], sheet.entries) },
  at: Date.now(),
})

const isEqual = (a: Answer | null, b: Answer): boolean =>
  a !== null &&
  (['answer', 'stock', 'note', 'photo', 'photoId', 'insist'] as const).every((key) => a[key] === b[key]) &&
  a.prices.join() === b.prices.join()
