import { connect as netConnect, isIP, type Socket } from 'node:net'
import type { Fault } from '#contract/camera.ts'
import type { Target } from '../targets.ts'
import { ProbeFault } from '../types.ts'
import type { Scope } from './scope.ts'

export type Endpoint = Pick<Target, 'host' | 'port'>

/** A TCP connection to an address literal. Throws a ProbeFault that says what stood in the way. */
export function connect(address: string, port: number, scope: Scope): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = scope.own(netConnect({ host: address, port }))
    socket.once('connect', () => resolve(socket))
    // Stays, so that what breaks while nobody listens ends nobody's process.
    socket.on('error', (error) => reject(faultOf(error)))
  })
}

/** Whether TCP connections are taken: closed in the moment it is, before anything is read, which halves the cost. */
export function touch(address: string, port: number, scope: Scope): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = scope.own(netConnect({ host: address, port }))
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.on('error', (error) => reject(faultOf(error)))
  })
}

export const keyOf = ({ host, port }: Endpoint): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`

const FAULT_OF_CODE: Record<string, Fault> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
}

/** What a socket's error says of the device. An error that is the prober's own, such as too many open files, stays as it is. */
export function faultOf(error: Error): Error {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const fault = FAULT_OF_CODE[code]
  return fault === undefined ? error : new ProbeFault(fault)
}
