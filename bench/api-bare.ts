// A bare Fastify route for each of two reads: the same prepared query as the program sends, and the same JSON.
// Arguments: connection of the database (JSON), then account, service and zone.
import Fastify from 'fastify'
import pg from 'pg'

const [connection = '', accountId, serviceId, zoneId] = process.argv.slice(2)
const pool = new pg.Pool({ ...(JSON.parse(connection) as pg.PoolConfig), max: 10 })

const list = `
select s.id as service_id, z.id, z.name
from service s join product p on p.id = s.product_id
left join dns_zone z on z.service_id = s.id and z.account_id = s.account_id and z.deleted_at is null
where s.account_id = $1 and 'dns' = any(p.features) and ($2::bigint[] is null or s.id = any($2))
order by s.id, z.id`
const zone = `
select r.id, r.name, r.type, r.ttl as "ttlSeconds", r.priority, r.content,
  extract(epoch from r.changed_at)::bigint as "changedAt",
  z.service_id, z.name as zone_name, z.version, z.serial, z.soa_id,
  extract(epoch from z.changed_at)::bigint as zone_changed_at, null as record_count
from dns_zone z left join dns_record r on r.zone_id = z.id
where z.account_id = $1 and z.service_id = $2 and z.id = $3 and z.deleted_at is null
order by r.id`

const server = Fastify()
server.get('/api/dns', async () => {
  const { rows } = await pool.query<Record<string, string>>({ name: 'list', text: list, values: [accountId, null] })
  return {
    service_ids: [...new Set(rows.map(row => row.service_id))],
    zones: rows.map(row => ({ domain_id: row.id, name: row.name, service_id: row.service_id })),
  }
})
server.get('/api/service/:service/dns/:zone', async () => {
  const values = [accountId, serviceId, zoneId]
  const { rows } = await pool.query<Record<string, string>>({ name: 'zone', text: zone, values })
  const origin = rows[0]?.zone_name ?? ''
  return {
    service_id: Number(rows[0]?.service_id),
    name: origin,
    records: rows.map(({ id, name = '', type, content, ttlSeconds, priority }) => ({
      id,
      name: name.endsWith(`.${origin}`) ? name.slice(0, -origin.length - 1) : name,
      type,
      content,
      ttl: ttlSeconds,
      priority,
    })),
  }
})
const url = await server.listen({ host: '127.0.0.1', port: 0 })
console.log(JSON.stringify({ url }))
process.on('SIGTERM', () => process.exit(0))
