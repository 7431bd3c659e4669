/** How much a price moves, and where it stands against its ceiling. */
import { shareOf, own, type IndicatorNote } from './note.ts'

export const MOVEMENT_NOTES = {
  'variation-30': {
    kind: 'share',
    id: {
      name: 'Koefisien variasi 30 hari',
      formula: 'Simpangan baku (n − 1) median kota 30 hari sampai hari itu, dibagi rata-ratanya.',
      source: own.id,
      unit: shareOf.id,
      needs: 'Harga pada 15 dari 30 hari.',
    },
    en: {
      name: 'Coefficient of variation, 30 days',
      formula: 'Standard deviation (n − 1) of the city medians of the 30 days to this one, over their mean.',
      source: own.en,
      unit: shareOf.en,
      needs: 'Prices on 15 of the 30 days.',
    },
  },
  'variation-year': {
    kind: 'share',
    id: {
      name: 'Koefisien variasi tahun ini',
      formula:
        'Simpangan baku (n − 1) median kota harian sepanjang tahun kalender, sampai hari itu, dibagi rata-ratanya.',
      source: own.id,
      unit: shareOf.id,
      needs: 'Harga pada 90 hari di tahun itu.',
    },
    en: {
      name: 'Coefficient of variation, this year',
      formula:
        'Standard deviation (n − 1) of the daily city medians of the calendar year so far, over their mean.',
      source: own.en,
      unit: shareOf.en,
      needs: 'Prices on 90 days of the year.',
    },
  },
  'days-above': {
    kind: 'days',
    id: {
      name: 'Hari di atas HET/HAP',
      formula:
        'Banyaknya hari, dari 30 hari sampai hari itu, dengan median kota di atas HET atau HAP. Tiap hari dinilai dengan aturan yang berlaku pada hari itu di zona kota.',
      source: 'Peraturan HET dan HAP (Kemendag, Bapanas)',
      unit: 'hari',
      needs: 'Satu hari yang berharga dan beraturan.',
    },
    en: {
      name: 'Days above the ceiling',
      formula:
        "Of the 30 days to this one, those with a city median above HET or HAP. Each day is judged by the rule in force on it in the city's zone.",
      source: 'Regulations on HET and HAP (ministry of trade, Bapanas)',
      unit: 'days',
      needs: 'One day with a price and a rule.',
    },
  },
  excess: {
    kind: 'difference',
    id: {
      name: 'Selisih dari HET/HAP',
      formula:
        '(median kota − batas) / batas, menurut aturan yang berlaku pada hari itu di zona kota. HET mengikat, HAP acuan; HET didahulukan. Negatif: di bawah batas.',
      source: 'Peraturan HET dan HAP (Kemendag, Bapanas)',
      unit: shareOf.id,
      needs: 'Aturan yang berlaku dan harga pada hari itu.',
    },
    en: {
      name: 'Difference from the ceiling',
      formula:
        "(city median − ceiling) / ceiling, by the rule in force on the day in the city's zone. HET binds, HAP is a reference; HET goes first. Negative: below it.",
      source: 'Regulations on HET and HAP (ministry of trade, Bapanas)',
      unit: shareOf.en,
      needs: 'A rule in force, and a price of the day.',
    },
  },
} satisfies Record<string, IndicatorNote>
