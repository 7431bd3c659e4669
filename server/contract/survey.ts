/**
 * What server and web agree on about surveys: one officer at one market on one day. The phone keeps drafts and sends them
 * with an id of their own, so that what is sent twice happens once; every entry carries the version it was based on, so
 * that two devices never overwrite each other in silence.
 */
import { Type, type Static } from 'typebox'
import { closed, Day, Note, Nullable, Reason, Time } from './basic.ts'
import { Ceiling, Commodity, Market } from './price.ts'
import { Rupiah } from './prices.ts'
import { CheckContext, Finding, Flag } from './quality.ts'

export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
})
/** Of a survey or a photo. */
export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

export const EntryState = Type.Union([
  Type.Literal('draft'),
  Type.Literal('submitted'),
  Type.Literal('sent-back'),
  Type.Literal('verified'),
  Type.Literal('published'),
])
export type EntryState = Static<typeof EntryState>
export const EntryAnswer = Type.Union([Type.Literal('price'), Type.Literal('same'), Type.Literal('not-sold')])
export type EntryAnswer = Static<typeof EntryAnswer>
export const Stock = Type.Union([Type.Literal('enough'), Type.Literal('thin'), Type.Literal('empty')])
export type Stock = Static<typeof Stock>

/** The most sellers asked for one commodity. */
export const MOST_SELLERS = 9

/** What a phone sends of one commodity. */
export const EntryEdit = Type.Object(
  {
    /** of this edit, given by the phone */
    clientId: Uuid,
    commodity: Type.String(),
    /** the version that it was based on; 0: none was known */
    base: Type.Integer({ minimum: 0 }),
    answer: EntryAnswer,
    /** what each seller asked; for 'same' the one price that was shown, empty for 'not-sold' */
    prices: Type.Array(Rupiah, { maxItems: MOST_SELLERS }),
    stock: Nullable(Stock),
    note: Note,
    photoId: Nullable(Id),
    /** why the officer stands by a value that was warned of */
    insist: Note,
    /** by the phone's clock */
    notedAt: Time,
  },
  closed,
)
export type EntryEdit = Static<typeof EntryEdit>
export const EntryEdits = Type.Object(
  {
    /** of the phone, for the trail */
    device: Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
    entries: Type.Array(EntryEdit, { minItems: 1, maxItems: 200 }),
  },
  closed,
)
export type EntryEdits = Static<typeof EntryEdits>

export const SurveyEntry = Type.Object({
  commodity: Type.String(),
  version: Type.Integer(),
  answer: EntryAnswer,
  prices: Type.Array(Type.Integer()),
  /** median of the sellers; null where it was not sold */
  price: Nullable(Type.Integer()),
  stock: Nullable(Stock),
  note: Type.String(),
  photoId: Nullable(Type.Integer()),
  insist: Type.String(),
  state: EntryState,
  sentBackReason: Type.String(),
  author: Type.String(),
  device: Type.String(),
  notedAt: Time,
  receivedAt: Time,
  verifiedBy: Nullable(Type.String()),
})
export type SurveyEntry = Static<typeof SurveyEntry>

export const EntryOutcome = Type.Object({
  clientId: Type.String(),
  commodity: Type.String(),
  /** stored; duplicate: it was stored before; conflict: another device was faster; refused: see problem */
  outcome: Type.Union([
    Type.Literal('stored'),
    Type.Literal('duplicate'),
    Type.Literal('conflict'),
    Type.Literal('refused'),
  ]),
  /** what stands on the server now */
  entry: Nullable(SurveyEntry),
  problem: Nullable(
    Type.Union([
      Type.Literal('unknown-commodity'),
      Type.Literal('no-price'),
      Type.Literal('too-late'),
      Type.Literal('locked'),
      Type.Literal('unknown-photo'),
      Type.Literal('reason-missing'),
    ]),
  ),
})
export type EntryOutcome = Static<typeof EntryOutcome>

/** One commodity due at a market, with all that is needed to warn without a connection. */
export const SurveyItem = Type.Object({
  commodity: Commodity,
  /** the last known price of this market, and of which day */
  previous: Nullable(Type.Object({ day: Day, price: Type.Integer() })),
  ceiling: Nullable(Ceiling),
  context: CheckContext,
})
export type SurveyItem = Static<typeof SurveyItem>

/** All that a phone needs for a survey. */
export const SurveySheet = Type.Object({
  /** null: not begun */
  id: Nullable(Type.Integer()),
  market: Market,
  day: Day,
  officer: Nullable(Type.String()),
  /** of the one who asks */
  own: Type.Boolean(),
  /** the month is closed */
  locked: Type.Boolean(),
  deadline: Time,
  items: Type.Array(SurveyItem),
  entries: Type.Array(SurveyEntry),
})
export type SurveySheet = Static<typeof SurveySheet>

/** The sheet after a submission, with the entries that were not taken: they stay drafts. */
export const SubmitResult = Type.Object({
  ...SurveySheet.properties,
  refused: Type.Array(
    Type.Object({
      commodity: Type.String(),
      problem: Type.Literal('reason-missing'),
      findings: Type.Array(Finding),
    }),
  ),
})
export type SubmitResult = Static<typeof SubmitResult>

export const SurveyState = Type.Union([Type.Literal('none'), EntryState])
export type SurveyState = Static<typeof SurveyState>

/** The markets as the phone lists them for a day. */
export const SurveyMarkets = Type.Object({
  day: Day,
  markets: Type.Array(
    Type.Object({
      market: Market,
      state: SurveyState,
      officer: Nullable(Type.String()),
      /** of the one who asks */
      own: Type.Boolean(),
      due: Type.Integer(),
      entered: Type.Integer(),
      deadline: Time,
    }),
  ),
})
export type SurveyMarkets = Static<typeof SurveyMarkets>

/** Of today: markets whose survey is due soon, or late. */
export const SurveyReminders = Type.Object({
  reminders: Type.Array(
    Type.Object({
      market: Market,
      kind: Type.Union([Type.Literal('soon'), Type.Literal('late')]),
      due: Type.Integer(),
      entered: Type.Integer(),
      /** entries that their officer has to mend */
      sentBack: Type.Integer(),
      deadline: Time,
    }),
  ),
})
export type SurveyReminders = Static<typeof SurveyReminders>

/** A market on the coverage board. */
export const Coverage = Type.Object({
  day: Day,
  /** the moment of the deadline */
  deadline: Time,
  reminderFrom: Time,
  markets: Type.Array(
    Type.Object({
      market: Market,
      surveyId: Nullable(Type.Integer()),
      officer: Nullable(Type.String()),
      /** the least of its entries' states, sent back before draft; 'none' where nothing was entered */
      state: SurveyState,
      due: Type.Integer(),
      /** of what is due; the counts by state are of all that was entered */
      entered: Type.Integer(),
      submitted: Type.Integer(),
      verified: Type.Integer(),
      published: Type.Integer(),
      sentBack: Type.Integer(),
      notSold: Type.Integer(),
      missing: Type.Array(Type.String()),
      firstAt: Nullable(Time),
      lastAt: Nullable(Time),
      submittedAt: Nullable(Time),
      late: Type.Boolean(),
      /** commodities of which another source gave a price of this day */
      otherSources: Type.Integer(),
      /** share of the 30 days before on which a survey was begun to be submitted in time, from the market's first survey on */
      punctual30d: Nullable(Type.Number()),
    }),
  ),
})
export type Coverage = Static<typeof Coverage>

/** One entry that waits for a verifier, what deviates most first. */
export const VerificationItem = Type.Object({
  surveyId: Type.Integer(),
  market: Market,
  day: Day,
  commodity: Commodity,
  entry: SurveyEntry,
  flags: Type.Array(Flag),
  /** the one who asks entered it: somebody else has to verify it */
  own: Type.Boolean(),
  /** the evidence */
  previous: Nullable(Type.Object({ day: Day, price: Type.Integer() })),
  cityMedian: Nullable(Type.Integer()),
  otherSources: Type.Array(Type.Object({ title: Type.String(), price: Type.Integer(), day: Day })),
  ceiling: Nullable(Ceiling),
  /** this market's last 30 days; null: no price */
  sparkline: Type.Array(Nullable(Type.Integer())),
})
export type VerificationItem = Static<typeof VerificationItem>
/** The newest price of a commodity at each market that has one within the carry limit of a day. */
export const MarketsAsk = Type.Object({
  commodity: Type.String(),
  day: Day,
  prices: Type.Array(Type.Object({ market: Market, price: Type.Integer() })),
})
export type MarketsAsk = Static<typeof MarketsAsk>
export const Verification = Type.Object({
  day: Day,
  items: Type.Array(VerificationItem),
  /** what the items' markets are compared with, once for all of them */
  markets: Type.Array(MarketsAsk),
  /** verified and not yet published, the oldest day first (only where publishing is a step of its own) */
  toPublish: Type.Array(Type.Object({ day: Day, entries: Type.Integer() })),
})
export type Verification = Static<typeof Verification>

const EntryRefs = Type.Array(
  Type.Object({ surveyId: Id, commodity: Type.String(), version: Type.Integer({ minimum: 1 }) }, closed),
  { minItems: 1, maxItems: 2_000 },
)
/** Each entry with the version that was seen: one that changed meanwhile is not verified but told of. */
export const VerifyRequest = Type.Object({ entries: EntryRefs }, closed)
export type VerifyRequest = Static<typeof VerifyRequest>
export const SendBackRequest = Type.Object({ entries: EntryRefs, reason: Reason }, closed)
export type SendBackRequest = Static<typeof SendBackRequest>
export const VerifyResult = Type.Object({
  done: Type.Integer(),
  refused: Type.Array(
    Type.Object({
      surveyId: Type.Integer(),
      commodity: Type.String(),
      why: Type.Union([
        Type.Literal('own'),
        Type.Literal('changed'),
        Type.Literal('state'),
        Type.Literal('locked'),
        /** somebody who verifies found it wrong */
        Type.Literal('wrong'),
      ]),
    }),
  ),
})
export type VerifyResult = Static<typeof VerifyResult>

export const SurveyEvent = Type.Object({
  at: Time,
  actor: Type.String(),
  kind: Type.String(),
  commodity: Nullable(Type.String()),
  version: Nullable(Type.Integer()),
  detail: Type.Record(Type.String(), Type.Unknown()),
})
export type SurveyEvent = Static<typeof SurveyEvent>
