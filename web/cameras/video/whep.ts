import type { Transport } from './transport.ts'

const GATHER_MS = 2_000

/** WebRTC by WHEP (draft-ietf-wish-whep): one offer, one answer, then packets; the server knows no trickle. */
export const playWhep: Transport = async (video, url, failed) => {
  const peer = new RTCPeerConnection()
  const leaving = new AbortController()
  let session: string | null = null
  const stop = () => {
    leaving.abort()
    peer.close()
    video.srcObject = null
    // The server ends a session that sends no more packets by itself; told, it need not wait.
    if (session !== null) void fetch(session, { method: 'DELETE', keepalive: true }).catch(() => undefined)
  }
  peer.addTransceiver('video', { direction: 'recvonly' })
  peer.addTransceiver('audio', { direction: 'recvonly' })
  peer.addEventListener('track', ({ streams: [stream] }) => (video.srcObject = stream ?? null))
  peer.addEventListener('connectionstatechange', () => {
    // One that is disconnected often comes back; where it does not, the picture stands still, which is told too.
    if (peer.connectionState === 'failed') failed('network')
  })
  try {
    await peer.setLocalDescription(await peer.createOffer())
    await gathered(peer)
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: peer.localDescription?.sdp ?? '',
      signal: leaving.signal,
    })
    if (!answer.ok) throw new Error(`WHEP answered ${answer.status}`)
    const location = answer.headers.get('location')
    session = location === null ? null : new URL(location, new URL(url, document.baseURI)).href
    await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
  } catch (cause) {
    stop()
    throw cause
  }
  return { latency: () => null, stop }
}

/** Waits until all ways to this browser are known, but not for a server that never answers. */
function gathered(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      if (peer.iceGatheringState === 'complete') resolve()
    }
    peer.addEventListener('icegatheringstatechange', done)
    setTimeout(resolve, GATHER_MS)
    done()
  })
}
