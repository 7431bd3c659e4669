import { expect, it } from 'vitest'
import { subnetOf } from './subnet.ts'

it.each([
  ['10.1.2.3', '10.1.2.0/24'],
  ['::ffff:10.1.2.3', '10.1.2.0/24'],
  ['2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
  ['kamera.example', null],
  ['', null],
])('%s lies in %s', (address, subnet) => expect(subnetOf(address)).toBe(subnet))
