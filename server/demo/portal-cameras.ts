import type { CityPack } from '../cities/index.ts'
import type { DemoCamera, PortalStatus } from './outages.ts'

export interface PortalCamera extends DemoCamera {
  name: string
  address: string
  latitude: number
  longitude: number
  /** the portal's number of the district, from 1 */
  districtId: string
}

/** The pack's cameras as the portal lists them: in districts by the name it publishes, numbered as they first appear. */
export function portalCameras(pack: CityPack, sites: ReadonlyMap<string, string>): PortalCamera[] {
  const districts = districtNames(pack)
  return pack.cameras.map(({ streamId, name, address, latitude, longitude, publishedDistrict }) => {
    const district = publishedDistrict ?? districts[0] ?? ''
    return {
      streamId,
      name,
      address: address ?? '',
      latitude,
      longitude,
      district,
      site: sites.get(streamId) ?? streamId,
      districtId: String(districts.indexOf(district) + 1),
    }
  })
}

export const districtNames = (pack: CityPack): string[] => [
  ...new Set(pack.cameras.flatMap(({ publishedDistrict }) => publishedDistrict ?? [])),
]

/** Kota Malang's shape of 2026: every field a string. */
export function cameraPayload(
  cameras: readonly PortalCamera[],
  districtId: string,
  statuses: ReadonlyMap<string, PortalStatus>,
): object {
  const listed = cameras.filter(
    (camera) => camera.districtId === districtId && statuses.get(camera.streamId) !== 'absent',
  )
  return {
    msg_main: { status: true, msg: '' },
    msg_detail: {
      m_kecamatan_id: districtId,
      list_data: listed.map((camera) => ({
        id: `demo-${camera.streamId}`,
        name: camera.name,
        stream_id: camera.streamId,
        address: camera.address,
        latitude: String(camera.latitude),
        longitude: String(camera.longitude),
        kecamatan_id: districtId,
        status: statuses.get(camera.streamId) ?? '0',
        nama_kecamatan: camera.district.toUpperCase(),
      })),
    },
  }
}
