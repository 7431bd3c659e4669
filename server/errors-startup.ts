/** What keeps the product from starting, in one sentence that says what to do. Shown without a stack. */
export class StartupError extends Error {
  override name = 'StartupError'
}

const needsRoom = (folder: string) =>
  `The disk that holds ${folder} is full: free some space there, or set DATA_DIR to a folder on another disk.`

const notWritable = (folder: string) =>
  `The folder ${folder} is not writable: give this user the right to write there, or set DATA_DIR to another folder.`

/** The system's own codes in the product's words; anything else comes back as it was. */
export function asStartupError(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StartupError(needsRoom(folder), { cause: error })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST')
    return new StartupError(notWritable(folder), { cause: error })
  return error
}
