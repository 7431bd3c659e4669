import { hash, verify } from '@node-rs/argon2'
import { newToken } from './tokens.ts'

export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 256

/** OWASP's parameters for argon2id, which is this library's algorithm unless told otherwise. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Among the first guesses of anyone, and long enough to pass the length rule. */
const COMMON = new Set(
  `password1234 password12345 password123456 passwordpassword 123456789012 1234567890123 12345678901234 123456123456
   123123123123 qwertyuiop12 qwertyuiop123 qwertyuiop[] qwerty123456 qwertyqwerty 1q2w3e4r5t6y adminadminadmin administrator
   administrator1 administrator123 admin1234567 admin12345678 adminadmin123 iloveyou1234 iloveyouiloveyou welcome12345
   letmein12345 changeme1234 changemechangeme abcdefghijkl abcdefgh1234 abcd12345678 rahasia12345 rahasia123456 rahasiarahasia
   katasandi123 katasandi1234 bismillah123 bismillah1234 bismillahirrahmanirrahim indonesia123 indonesia1234 indonesia1945
   sayangkamu123 sayang123456 malang123456 kotamalang123 kotamalang1234 malangkota123 aremania1234 aremaaremania pantaukota
   pantaukota12 pantaukota123 pantaukota1234 pemkotmalang pemkotmalang1 pemkotmalang123 surabaya1234 merdeka12345`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/** Why a password cannot be taken, as a sentence for who chose it; null where it can. */
export function passwordFault(password: string, username: string): string | null {
  if (password.length < PASSWORD_MIN)
    return `The password is too short: use at least ${PASSWORD_MIN} characters.`
  if (password.length > PASSWORD_MAX)
    return `The password is too long: use at most ${PASSWORD_MAX} characters.`
  const plain = password.toLowerCase()
  if (plain === username.toLowerCase()) return 'The password is the username: choose another.'
  if (COMMON.has(plain) || new Set(plain).size < 4)
    return 'This password is among the first that anyone tries: choose another.'
  return null
}

/** One person's keyboards may compose the same letter differently. */
const canonical = (password: string): string => password.normalize('NFKC')

export const hashPassword = (password: string): Promise<string> => hash(canonical(password), PARAMETERS)

let nobodys: Promise<string> | undefined
/** A hash that no password opens. Made ahead, so that the first unknown name costs no more than the later ones. */
export const nobodysHash = (): Promise<string> => (nobodys ??= hashPassword(newToken()))

/** Takes the same work where no account exists, so that the time of the answer does not tell who has one. */
export async function checkPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const right = await verify(passwordHash ?? (await nobodysHash()), canonical(password))
  return right && passwordHash !== undefined
}
