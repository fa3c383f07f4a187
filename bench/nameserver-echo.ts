// What node:dgram can do at best: each packet goes back as it came.
import { createSocket } from 'node:dgram'

const socket = createSocket('udp4')
socket.on('message', (message, from) => socket.send(message, from.port, from.address))
socket.bind(0, '127.0.0.1', () => console.log(JSON.stringify({ port: socket.address().port })))
