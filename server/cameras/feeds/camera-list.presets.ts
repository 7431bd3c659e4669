import type { CameraListOptions } from './camera-list.options.ts'

type Preset = Omit<CameraListOptions, 'url'>
const ONE_ZERO = { '1': 'up', '0': 'down' } as const
const TRUE_FALSE = { true: 'up', false: 'down' } as const

/** Mappings of real portals, to be copied into a feeds file; each is tested against a payload in that portal's shape. */
export const cameraListPresets = {
  /** cctv_status is who may look, not whether it works: "2" alone says that it is being mended */
  yogyakarta: {
    format: 'json',
    id: 'cctv_id',
    name: 'cctv_title',
    latitude: 'cctv_latitude',
    longitude: 'cctv_longitude',
    status: [{ path: 'cctv_status', words: { '0': 'up', '1': 'up', '2': 'maintenance' } }],
  },
  /** GeoJSON order: longitude first */
  palembang: {
    format: 'json',
    rows: 'data',
    id: 'cctv_id',
    name: 'cctv_title',
    latitude: 'location.coordinates.1',
    longitude: 'location.coordinates.0',
    owner: 'cctv_opd.nama_opd',
    status: [{ path: 'cctv_status', words: { active: 'up', inactive: 'down' } }],
  },
  /** names its cameras and says nothing of their state */
  bandung: {
    format: 'json',
    id: 'id',
    name: 'cctv_name',
    latitude: 'lat',
    longitude: 'lng',
    owner: 'dinas',
    status: [],
  },
  bandaAceh: {
    format: 'json',
    idFrom: 'url',
    name: 'name',
    latitude: 'latitude',
    longitude: 'longitude',
    owner: 'pengelola',
    status: [{ path: 'is_active', words: TRUE_FALSE }],
  },
  /** the list stands in a script of the page */
  bengkulu: {
    format: 'html',
    id: 'id',
    name: 'name',
    latitude: 'lat',
    longitude: 'lng',
    status: [{ path: 'status', words: { online: 'up', offline: 'down' } }],
  },
  /** the list stands in a script of the page; each stream of a point has a status of its own */
  semarang: {
    format: 'html',
    id: 'cctv_id',
    name: 'owner_name',
    latitude: 'lat',
    longitude: 'lng',
    status: [],
    links: { path: 'links', status: { path: 'status', words: ONE_ZERO } },
  },
  /** the list stands in a script of the page; what is not visible is not shown to anyone */
  sidoarjo: {
    format: 'html',
    idFrom: 'video_src',
    name: 'nama',
    address: 'jalan',
    latitude: 'latitude',
    longitude: 'longitude',
    status: [
      { path: 'visible', words: { true: 'up', false: 'skip' } },
      { path: 'status_online', words: TRUE_FALSE },
    ],
  },
  tfl: {
    format: 'json',
    id: 'id',
    name: 'commonName',
    latitude: 'lat',
    longitude: 'lon',
    status: [{ path: 'additionalProperties[key=available].value', words: TRUE_FALSE }],
    time: { path: 'additionalProperties[key=available].modified', format: 'iso' },
  },
  /** GeoJSON; a station that gathers no pictures for a while is being mended */
  digitraffic: {
    format: 'json',
    rows: 'features',
    id: 'id',
    name: 'properties.name',
    latitude: 'geometry.coordinates.1',
    longitude: 'geometry.coordinates.0',
    status: [
      {
        path: 'properties.collectionStatus',
        words: { GATHERING: 'up', REMOVED_TEMPORARILY: 'maintenance', REMOVED_PERMANENTLY: 'skip' },
      },
    ],
  },
  caltrans: {
    format: 'json',
    rows: 'data',
    entry: 'cctv',
    idFrom: 'index',
    name: 'location.locationName',
    address: 'location.nearbyPlace',
    latitude: 'location.latitude',
    longitude: 'location.longitude',
    district: 'location.county',
    status: [{ path: 'inService', words: TRUE_FALSE }],
    time: { path: 'recordTimestamp.recordEpoch', format: 'epoch-seconds' },
  },
  /**
   * 116 cameras are TURNED_ON and OFFLINE: only both together say that one works. The list's times say since when a
   * camera answers or not, some of them years ago, and so are no times of a check.
   */
  austin: {
    format: 'csv',
    id: 'Camera ID',
    name: 'Location Name',
    latitude: 'Latitude',
    longitude: 'Longitude',
    status: [
      { path: 'Camera Status', words: { TURNED_ON: 'up', DESIRED: 'skip', REMOVED: 'skip', VOID: 'skip' } },
      {
        path: 'IP Comm Status',
        words: { ONLINE: 'up', OFFLINE: 'down', 'NO COMMUNICATION': 'down', '': 'unknown' },
      },
    ],
  },
} satisfies Record<string, Preset>
