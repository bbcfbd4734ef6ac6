import { ROOT } from '../site/root.ts';
import type { Socket, SocketEvents } from './connection.ts';

/** The browser's websocket to the station that served this page. */
export function openSocket(events: SocketEvents): Socket {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(`${scheme}//${location.host}${ROOT}/ws`);
  socket.onopen = events.opened;
  socket.onmessage = ({ data }) => events.message(data);
  socket.onclose = ({ code }) => events.closed(code);
  return { send: (text) => socket.send(text), close: () => socket.close() };
}
