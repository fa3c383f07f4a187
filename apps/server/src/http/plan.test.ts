import { inProfile, operations } from '@innkeeper/contract'
import { expect, test } from 'vitest'
import { testOperation } from '../../test/operations.ts'
import type { Implementation } from './implement.ts'
import { routePlan } from './plan.ts'

const handle = async () => ({})
function planned(
  sketches: (Parameters<typeof testOperation>[0] & { planned?: boolean })[],
  profile: 'full' | 'dns-only' = 'full',
) {
  const implementations: Implementation[] = sketches.map(({ planned: isPlanned, ...sketch }) => ({
    operation: testOperation(sketch),
    ...(isPlanned ? {} : { handle }),
  }))
  return routePlan('/api', implementations, operation => inProfile(operation, profile)).map(
    ({ method, url, served, implementation }) => `${method} ${url} ${served ? implementation.operation.method : '-'}`,
  )
}

test('POST is taken for PUT where the contract has no POST of its own', () => {
  expect(planned([{ method: 'PUT', path: '/a/{id}' }])).toEqual(['PUT /api/a/:id PUT', 'POST /api/a/:id PUT'])
  expect(
    planned([
      { method: 'PUT', path: '/a/{id}' },
      { method: 'POST', path: '/a/{other}' },
    ]),
  ).toEqual(['PUT /api/a/:id PUT', 'POST /api/a/:other POST'])
})

test('a method that clients also send never takes the place of a documented one', () => {
  expect(
    planned([
      { method: 'PUT', path: '/s/{id}', alsoMethods: ['GET', 'DELETE'] },
      { method: 'GET', path: '/s/{name}' },
    ]),
  ).toEqual(['PUT /api/s/:id PUT', 'GET /api/s/:name GET', 'DELETE /api/s/:id PUT', 'POST /api/s/:id PUT'])
})

test('what is planned, or of another profile, keeps its place and is not served', () => {
  expect(
    planned(
      [
        { method: 'GET', path: '/ticket/departments', planned: true },
        { method: 'GET', path: '/ticket/{number}', documents: 'I' },
        { method: 'GET', path: '/invoice', documents: 'P' },
      ],
      'dns-only',
    ),
  ).toEqual(['GET /api/ticket/:number GET', 'GET /api/ticket/departments -', 'GET /api/invoice -'])
})

test('the whole contract has one place for each method and path', () => {
  const plan = routePlan(
    '/api',
    operations.map(operation => ({ operation, handle })),
    () => true,
  )
  const places = plan.map(({ method, url }) => `${method} ${url.replaceAll(/:\w+/g, ':')}`)
  expect(new Set(places).size).toBe(places.length)
  for (const operation of operations) {
    expect(plan.some(route => route.implementation.operation === operation && route.method === operation.method)).toBe(
      true,
    )
  }
})
