import { execFile } from 'node:child_process';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort } from '../n8n/ports';
import { launch, type Server } from './launch';
import { findProgram } from './program';

const DEBIAN_PACKAGE = 'postgresql';
/** Debian's package makes the first one; the second one is everywhere. */
const USERS = ['postgres', 'nobody'];
const run = promisify(execFile);

/** Superuser of the database `postgres`, without a password. */
export const POSTGRES_USER = 'n8n';

/** PostgreSQL on loopback, with new data in `folder`, which others than this user must be able to reach. */
export async function startPostgres(folder: string, nodeBinary: string): Promise<Server> {
	const initdb = await findProgram('initdb', DEBIAN_PACKAGE);
	const postgres = await findProgram('postgres', DEBIAN_PACKAGE);
	const port = await freePort();
	await mkdir(folder, { recursive: true });
	const asUser = await otherUser(folder);
	const data = join(folder, 'data');
	const init = ['-D', data, '-U', POSTGRES_USER, '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N'];
	const [first = '', ...others] = [...asUser, initdb, ...init];
	await run(first, others, { cwd: folder });
	const settings = [
		'listen_addresses=127.0.0.1',
		'unix_socket_directories=',
		'max_connections=200',
	];
	return await launch({
		command: [
			...asUser,
			...[postgres, '-D', data, '-p', `${port}`],
			...settings.flatMap((setting) => ['-c', setting]),
		],
		port,
		folder,
		logFile: join(folder, 'postgres.log'),
		nodeBinary,
	});
}

/** As superuser, each statement by itself, also where the server makes transactions read-only. */
export async function runSql(port: number, ...statements: string[]): Promise<void> {
	const psql = await findProgram('psql', 'postgresql-client');
	const place = ['-h', '127.0.0.1', '-p', `${port}`, '-U', POSTGRES_USER, '-d', 'postgres'];
	const commands = statements.flatMap((statement) => ['-c', statement]);
	const PGOPTIONS = '-c default_transaction_read_only=off';
	await run(psql, ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...place, ...commands], {
		env: { ...process.env, PGOPTIONS },
	});
}

/** What a command begins with to run as another user, who then owns the folder: PostgreSQL refuses to run as root. */
async function otherUser(folder: string): Promise<string[]> {
	if (process.getuid?.() !== 0) return [];
	const setpriv = await findProgram('setpriv', 'util-linux');
	for (const user of USERS) {
		const ids = await Promise.all(['-u', '-g'].map(async (which) => await idOf(user, which)));
		const [uid, gid] = ids;
		if (uid === undefined || gid === undefined) continue;
		await chown(folder, uid, gid);
		return [setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
	}
	throw new Error(`There is no user ${USERS.join(' or ')} to run PostgreSQL as`);
}

async function idOf(user: string, which: string): Promise<number | undefined> {
	return await run('id', [which, user]).then(
		({ stdout }) => Number(stdout),
		() => undefined,
	);
}
