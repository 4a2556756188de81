import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Hands connections to instances in turn, whatever is said on them. */
export interface TcpBalancer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Instances see the client's own address; how either side ends a connection is passed on, be it half of it or by a reset. */
export async function startTcpBalancer(ports: readonly number[]): Promise<TcpBalancer> {
  const open = new Set<Socket>();
  let turn = 0;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const { localAddress: host, remoteAddress: localAddress } = near;
    if (host === undefined || localAddress === undefined) {
      near.destroy();
      return;
    }
    const port = ports[turn % ports.length] ?? 0;
    turn += 1;
    const far = connect({ host, port, localAddress, allowHalfOpen: true, noDelay: true });
    passOn(near, far);
    passOn(far, near);
  });

  function passOn(from: Socket, to: Socket): void {
    open.add(from);
    from
      .on('error', () => to.resetAndDestroy())
      .on('close', () => open.delete(from))
      .pipe(to);
  }

  server.listen(0);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
