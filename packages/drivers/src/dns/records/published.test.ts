import { expect, test } from 'vitest'
import { publishedRecords } from './published.ts'
import type { CustomerType, StoredRecord } from './types.ts'

function record(name: string, type: CustomerType, content: string, ttlSeconds = 3600, priority = 0): StoredRecord {
  return { name, type, ttlSeconds, priority, content }
}

test('real records are published as they are, in zone file form', () => {
  const records = [record('example.com', 'MX', 'mail.example.net', 600, 10), record('example.com', 'TXT', 'a "b"')]
  expect(publishedRecords('example.com', records, [])).toEqual([
    { name: 'example.com', type: 'MX', ttlSeconds: 600, data: '10 mail.example.net.' },
    { name: 'example.com', type: 'TXT', ttlSeconds: 3600, data: '"a \\"b\\""' },
  ])
})

test.each<CustomerType>(['URL', 'FRAME'])('%s becomes the addresses of the redirector', type => {
  const records = [record('www.example.com', type, 'https://example.net/')]
  expect(publishedRecords('example.com', records, ['192.0.2.80', '2001:db8::80'])).toEqual([
    { name: 'www.example.com', type: 'A', ttlSeconds: 3600, data: '192.0.2.80' },
    { name: 'www.example.com', type: 'AAAA', ttlSeconds: 3600, data: '2001:db8::80' },
  ])
})

test('MXE records of one address share one host, with one TTL', () => {
  const records = [record('example.com', 'MXE', '192.0.2.25', 600), record('a.example.com', 'MXE', '192.0.2.25', 300)]
  expect(publishedRecords('example.com', records, [])).toEqual([
    { name: 'example.com', type: 'MX', ttlSeconds: 600, data: '10 mxe-c0000219.example.com.' },
    { name: 'mxe-c0000219.example.com', type: 'A', ttlSeconds: 300, data: '192.0.2.25' },
    { name: 'a.example.com', type: 'MX', ttlSeconds: 300, data: '10 mxe-c0000219.example.com.' },
  ])
})

test('the host made for MXE takes no name that the customer uses', () => {
  const records = [
    record('example.com', 'MXE', '192.0.2.25'),
    record('mxe-c0000219.example.com', 'CNAME', 'www.example.net'),
  ]
  expect(publishedRecords('example.com', records, []).map(real => `${real.name} ${real.type} ${real.data}`)).toEqual([
    'example.com MX 10 mxe-c0000219-2.example.com.',
    'mxe-c0000219-2.example.com A 192.0.2.25',
    'mxe-c0000219.example.com CNAME www.example.net.',
  ])
})

test('a set has one TTL, the lowest of its records', () => {
  const records = [
    record('www.example.com', 'A', '192.0.2.1', 600),
    record('www.example.com', 'A', '192.0.2.2', 300),
    record('www.example.com', 'AAAA', '2001:db8::1', 900),
  ]
  expect(publishedRecords('example.com', records, []).map(real => real.ttlSeconds)).toEqual([300, 300, 900])
})
