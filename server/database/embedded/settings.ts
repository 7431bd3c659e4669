import { createHash } from 'node:crypto'

/** Stands in the title of every process of the cluster, so that they are known again: 'postgres: pantau-1a2b: walwriter'. */
export const clusterName = (folder: string) =>
  `pantau-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`

export type Settings = Record<string, string | number>

/** The whole of postgresql.conf: written anew at each start, so a new version's settings take effect. */
export function postgresConf(folder: string, port: number, extra: Settings): string {
  const settings: Settings = {
    cluster_name: clusterName(folder),
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 60,
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    datestyle: 'ISO, YMD',

    shared_preload_libraries: 'timescaledb',
    'timescaledb.telemetry_level': 'off',
    'timescaledb.max_background_workers': 4,
    max_worker_processes: 12,
    max_logical_replication_workers: 0,
    max_parallel_workers_per_gather: 1,
    max_locks_per_transaction: 256, // each chunk of a hypertable takes one

    shared_buffers: '256MB',
    effective_cache_size: '1GB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    random_page_cost: 1.1,
    jit: 'off',

    synchronous_commit: 'on', // what is acknowledged is on disk
    wal_level: 'minimal',
    max_wal_senders: 0,
    wal_compression: 'lz4',
    min_wal_size: '80MB',
    max_wal_size: '1GB',
    checkpoint_timeout: '10min',

    // one file a weekday, begun anew a week later
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgres-%a.log',
    log_rotation_age: '1d',
    log_rotation_size: 0,
    log_truncate_on_rotation: 'on',
    log_line_prefix: '%m [%p] %a ',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    ...extra,
  }
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`,
  )
  return `# Written by Pantau Kota at each start: changes here are lost.\n${lines.join('\n')}\n`
}

/** Nobody comes in but with the password, from this machine. */
export const hostRules = `# Written by Pantau Kota at each start.
host all all 127.0.0.1/32 scram-sha-256
`
