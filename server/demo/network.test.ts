import { beforeAll, describe, expect, it } from 'vitest'
import { Value } from 'typebox/value'
import { NodeEdit } from '#contract/topology.ts'
import { allowedNetworks } from '../cameras/probe/allowed.ts'
import { targetFaults } from '../cameras/probe/targets.ts'
import { loadPack, siteOf } from '../cities/index.ts'
import { cameraTargets, DEMO_NETWORK, demoNetwork, GATEWAY, nodeTargets } from './network.ts'
import { portalCameras, type PortalCamera } from './portal-cameras.ts'

let cameras: PortalCamera[]
beforeAll(async () => {
  const pack = await loadPack('malang')
  cameras = portalCameras(pack, siteOf(pack.cameras))
})

describe("the demo's network", () => {
  it('probes about four of five sites, whole sites, each camera at an address of its own', () => {
    const network = demoNetwork(1, cameras)
    expect(network.cameras.map(({ streamId }) => streamId).sort()).toEqual(
      cameras.map(({ streamId }) => streamId).sort(),
    )
    const site = new Map(cameras.map((camera) => [camera.streamId, camera.site]))
    const probed = network.cameras.filter(({ address }) => address !== null)
    const sites = new Set(probed.map(({ streamId }) => site.get(streamId)))
    expect(sites.size / new Set(site.values()).size).toBeGreaterThan(0.7)
    expect(sites.size / new Set(site.values()).size).toBeLessThan(0.9)
    for (const { streamId, address } of network.cameras)
      expect(address !== null).toBe(sites.has(site.get(streamId)))
    const addresses = [...network.cameras, ...network.nodes].flatMap(({ address }) => address ?? [])
    expect(new Set([...addresses, GATEWAY]).size).toBe(addresses.length + 1)
  })
  it('is one that the product takes, and lies inside what the demo may probe', async () => {
    const { nodes, cameras: own } = demoNetwork(1, cameras)
    const allowed = allowedNetworks([DEMO_NETWORK])
    const { signal } = new AbortController()
    for (const { parent: _parent, address, number: _number, ...node } of nodes) {
      const targets = address === null ? {} : nodeTargets(address, 9)
      expect(Value.Check(NodeEdit, { ...node, parentId: null, targets })).toBe(true)
      expect(targetFaults(targets)).toEqual([])
    }
    for (const { address } of own) {
      if (address === null) continue
      expect(targetFaults(cameraTargets(address, 9))).toEqual([])
      await expect(allowed.resolve(address, signal)).resolves.toMatchObject({ address })
    }
    await expect(allowed.resolve('127.0.0.1', signal)).rejects.toThrow()
  })
  it('hangs cameras on switches and switches on lines; some switches are on nobody’s record', () => {
    const { nodes, cameras: own } = demoNetwork(1, cameras)
    const codes = nodes.map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    const parents = [...nodes, ...own].flatMap(({ parent }) => parent ?? [])
    expect(parents.filter((parent) => !codes.includes(parent))).toEqual([])
    expect(own.filter(({ parent }) => parent === null).length / own.length).toBeGreaterThan(0.1)
    expect(own.filter(({ parent }) => parent === null).length / own.length).toBeLessThan(0.4)
  })
})
