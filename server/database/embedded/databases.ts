import pg from 'pg'
import { purposeOf, type Purpose } from '../purpose.ts'
import { newPassword, type State } from './state.ts'

/** Owns the whole cluster. The product works as `worker`, so that no statement of its can reach the server's files. */
export const superuser = 'pantau'
const worker = 'pantau_app'

/** The demo and a city's real operation each have a database of their own in the same cluster. */
const databaseOf: Record<Purpose, string> = { city: 'pantau', demo: 'pantau_demo' }

export const superuserUrl = (state: State, database: string) =>
  urlOf(superuser, state.password, state.port, database)

const urlOf = (role: string, password: string, port: number, database: string) =>
  `postgres://${role}:${password}@127.0.0.1:${port}/${database}`

/** Makes the database where it is missing, and the role that works in it. Returns the address, with a password made anew. */
export async function prepareDatabase(state: State, purpose: Purpose): Promise<string> {
  const name = databaseOf[purpose]
  const password = newPassword()
  await asSuperuser(state, 'postgres', async (admin) => {
    await settleWorker(admin, password)
    await setOldDemoApart(state, admin)
    if (!(await exists(admin, name))) await admin.query(`CREATE DATABASE ${name} OWNER ${worker}`)
    else await admin.query(`ALTER DATABASE ${name} OWNER TO ${worker}`)
  })
  await asSuperuser(state, name, (admin) => admin.query(handOver))
  return urlOf(worker, password, state.port, name)
}

async function settleWorker(admin: pg.Client, password: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [worker])
  const rights = `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${password}'`
  await admin.query(`${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${worker} ${rights}`)
}

/** An earlier version let the demo share the city's database: one that holds the demo's data becomes the demo's own. */
async function setOldDemoApart(state: State, admin: pg.Client): Promise<void> {
  if ((await exists(admin, databaseOf.demo)) || !(await exists(admin, databaseOf.city))) return
  const purpose = await asSuperuser(state, databaseOf.city, purposeOf)
  if (purpose !== 'demo') return
  await retryWhileUsed(async () => {
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      databaseOf.city,
    ])
    await admin.query(`ALTER DATABASE ${databaseOf.city} RENAME TO ${databaseOf.demo}`)
  })
}

/** Work that needs a database for itself: a session that was told to go may take a moment, TimescaleDB's scheduler above all. */
export async function retryWhileUsed(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work()
      return
    } catch (error) {
      const used = error instanceof pg.DatabaseError && error.code === '55006'
      if (!used || attempt === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

const exists = async (admin: pg.Client, name: string) =>
  (await admin.query('SELECT FROM pg_database WHERE datname = $1', [name])).rowCount !== 0

/** What an earlier version made as the superuser goes to the worker; the extension's own objects stay. */
const handOver = `DO $$
DECLARE object record;
BEGIN
  FOR object IN
    SELECT 'TABLE' AS kind, oid::regclass::text AS name, relowner AS owner, 'pg_class'::regclass AS catalog, oid
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT 'TYPE', oid::regtype::text, typowner, 'pg_type'::regclass, oid
      FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    UNION ALL
    SELECT 'ROUTINE', oid::regprocedure::text, proowner, 'pg_proc'::regclass, oid
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  LOOP
    CONTINUE WHEN object.owner = '${worker}'::regrole OR EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = object.catalog AND d.objid = object.oid AND d.deptype = 'e');
    EXECUTE format('ALTER %s %s OWNER TO ${worker}', object.kind, object.name);
  END LOOP;
END $$`

async function asSuperuser<T>(
  state: State,
  database: string,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T> {
  const admin = new pg.Client({ connectionString: superuserUrl(state, database) })
  admin.on('error', () => undefined) // the query in flight rejects too
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    // What failed before is the news, not that the connection could not be closed after it.
    await admin.end().catch(() => undefined)
  }
}
