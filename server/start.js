// What `npm start` runs, in JavaScript that an old Node reads too: it would fall over the rest with a stack.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Pantau Kota needs Node.js 20.19 or newer, and this is ${process.versions.node}: update Node.js.`,
  )
  process.exit(1)
}
// In this very process: a runner before it would kill the server where a signal is not answered within 30 ms.
const { register } = await import('tsx/esm/api')
register()
await import('./main.ts')
