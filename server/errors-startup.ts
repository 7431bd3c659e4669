/** What keeps the product from starting, in one sentence that says what to do. Shown without a stack. */
export class StartupError extends Error {
  override name = 'StartupError'
}

/** The setting by which a folder can be moved elsewhere. */
type FolderSetting = 'DATA_DIR' | 'CACHE_DIR'

const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'])

/** The disk is full; `figures` may say how much is there and how much is needed. */
export const diskFull = (
  folder: string,
  setting: FolderSetting = 'DATA_DIR',
  figures = '',
  cause?: unknown,
) =>
  new StartupError(
    `The disk that holds ${folder} is full${figures}: free some space there, or set ${setting} to a folder on another disk.`,
    { cause },
  )

/** The system's own codes in the product's words; anything else comes back as it was. */
export function asStartupError(error: unknown, folder: string, setting: FolderSetting = 'DATA_DIR'): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, setting, '', error)
  // Making a folder and those above it says ENOENT where the disk is mounted read-only.
  const noFolder =
    code === 'ENOENT' && error instanceof Error && 'syscall' in error && error.syscall === 'mkdir'
  if (NOT_WRITABLE.has(code) || noFolder)
    return new StartupError(
      `The folder ${folder} is not writable: give this user the right to write there, or set ${setting} to another folder.`,
      { cause: error },
    )
  return error
}
