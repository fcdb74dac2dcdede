import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { basicAuthorization } from '../src/contract/keys/credentials.ts'
import { listen, PATH, portOf, requestOf } from './load.ts'
import { callersOf } from './store.ts'

const START_TIMEOUT = 10_000

export type Nginx = {
  port: number
  requests: string[]
  /** The one worker's process, and the one that started it. */
  pid: number
  process: ChildProcess
}

/** nginx's version, or undefined where there is none on this machine. */
export function nginxVersion(): string | undefined {
  const { stderr, status } = spawnSync('nginx', ['-v'], { encoding: 'utf8' })
  return status === 0 ? /nginx\/(\S+)/.exec(stderr)?.[1] : undefined
}

/**
 * Starts nginx with one worker in front of the upstream: `auth_basic` over as many users as there
 * are keys, by the quickest hash that it knows, and `limit_except`. Who may call what, it can only
 * say for all of them at once.
 */
export async function startNginx(upstream: string, folder: string, users: number): Promise<Nginx> {
  const port = await freePort()
  const credentials = Array.from({ length: users }, (_, at) => {
    return {
      user: `k${String(at).padStart(11, '0')}`,
      password: `lks_${String(at).padStart(40, '0')}`,
    }
  })
  const digest = (text: string) => createHash('sha1').update(text).digest('base64')
  const lines = credentials.map(({ user, password }) => `${user}:{SHA}${digest(password)}\n`)
  writeFileSync(join(folder, 'users'), lines.join(''))
  writeFileSync(join(folder, 'nginx.conf'), configuration(upstream, folder, port))
  const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await answers(port)
  const callers = callersOf(credentials)
  return {
    port,
    requests: callers.map(({ user, password }) =>
      requestOf(PATH, basicAuthorization(user, password)),
    ),
    pid: workerOf(child.pid ?? 0),
    process: child,
  }
}

function configuration(upstream: string, folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi']
  // Otherwise its worker is nobody, who may not look into the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `
${user}
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  keepalive_requests 1000000000;
  upstream emqx {
    server ${new URL(upstream).host};
    keepalive 128;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};
    auth_basic "bench";
    auth_basic_user_file ${folder}/users;
    location = /api/v5/clients {
      limit_except GET { deny all; }
      proxy_pass http://emqx;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Authorization "Basic YmVuY2g6YmVuY2g=";
    }
    location / { return 404; }
  }
}
`
}

async function freePort(): Promise<number> {
  const probe = await listen(createServer())
  const port = portOf(probe)
  probe.close()
  await once(probe, 'close')
  return port
}

async function answers(port: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isThere) return
    if (Date.now() > deadline) throw new Error("nginx doesn't start")
    await delay(20)
  }
}

function workerOf(master: number): number {
  const children = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8')
  return Number(children.trim().split(' ')[0])
}
