import { AppError } from '../errors.ts'
import { newToken } from '../access/tokens.ts'

/** A video that a viewer watches: what it takes to give it, and what ends with it. */
export interface Watched {
  cameraId: number
  close(): void
}
interface Ticket<T extends Watched> {
  viewer: string
  watched: T
  issuedAt: number
  usedAt: number
}

export interface TicketLimits {
  /** of one viewer at a time */
  perViewer: number
  /** without being used, and in all, ms */
  idleMs: number
  lifeMs: number
}

/** Who may ask for the parts of which video: an unguessable name each, good for the viewer that got it, and for a time. */
export class Tickets<T extends Watched> {
  readonly #tickets = new Map<string, Ticket<T>>()
  readonly #limits: TicketLimits

  constructor(limits: TicketLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#tickets.size
  }

  /** The viewer's tickets beyond the most end, those first that were not used for longest: of players that are gone. */
  issue(viewer: string, watched: T, now: number, most = this.#limits.perViewer): string {
    const own = [...this.#tickets]
      .filter(([, ticket]) => ticket.viewer === viewer)
      .sort(([, a], [, b]) => a.usedAt - b.usedAt)
    for (const [name] of own.slice(0, Math.max(0, own.length - most + 1))) this.end(name)
    const name = newToken()
    this.#tickets.set(name, { viewer, watched, issuedAt: now, usedAt: now })
    return name
  }

  /** Throws 'not-found' where there is none, or it is somebody else's. */
  use(name: string, viewer: string, now: number): T {
    const ticket = this.#tickets.get(name)
    if (ticket?.viewer !== viewer || this.#isOver(ticket, now))
      throw new AppError('not-found', 'This video has ended: ask for it again.')
    ticket.usedAt = now
    return ticket.watched
  }

  end(name: string): void {
    const ticket = this.#tickets.get(name)
    this.#tickets.delete(name)
    ticket?.watched.close()
  }

  endOf(viewer: string): void {
    for (const [name, ticket] of this.#tickets) if (ticket.viewer === viewer) this.end(name)
  }

  /** Ends what nobody uses any more. */
  sweep(now: number): void {
    for (const [name, ticket] of this.#tickets) if (this.#isOver(ticket, now)) this.end(name)
  }

  close(): void {
    for (const name of this.#tickets.keys()) this.end(name)
  }

  #isOver({ usedAt, issuedAt }: Ticket<T>, now: number): boolean {
    return now - usedAt > this.#limits.idleMs || now - issuedAt > this.#limits.lifeMs
  }
}
